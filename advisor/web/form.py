"""The questionnaire as values a template can write out: groups, questions, choices, and what was typed.

Knows the questions and the raw answers; must not know what an answer means (that is read_answers) nor any rule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from advisor.core.errors import Problem
from advisor.core.questions import Question, split_words
from advisor.render.questionnaire import EXAMPLES, GROUPS, OPENERS
from advisor.web.doubts import Doubt, find_doubt, read_ends, say_ends
from advisor.web.taken import Taken, choices_of, describe_assumption

# What a phone's keypad has no keys for must not be asked with one: "5k/s" and "2 KiB" need letters.
_BARE_UNITS = ("count", "percent", "USD")
NONE = ("none", "None of these")  # of a list; a box that nobody ticks says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChoice:
    """One radio button or check box."""

    id: str
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One question with what was typed, how that was understood, and what is wrong with it."""

    question: Question
    typed: str
    choices: tuple[FormChoice, ...]
    understood: str
    taken: Taken
    problems: tuple[Problem, ...]
    doubt: Doubt | None = None

    @property
    def example(self) -> str:
        return EXAMPLES.get(self.question.unit, "")

    @property
    def keypad(self) -> str:
        return "decimal" if self.question.unit in _BARE_UNITS else "text"

    @property
    def is_touched(self) -> bool:
        return bool(self.problems or self.typed or any(choice.is_chosen and choice.value for choice in self.choices))


@dataclass(frozen=True, slots=True, kw_only=True)
class FormGroup:
    """Questions under one heading; open when something in it was answered or is wrong."""

    id: str
    title: str
    fields: tuple[FormField, ...]

    @property
    def is_open(self) -> bool:
        return any(field.is_touched for field in self.fields)

    @property
    def answered(self) -> int:
        return sum(field.is_touched for field in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The whole questionnaire: the few questions that settle most cases, then the rest by group."""

    openers: tuple[FormField, ...]
    groups: tuple[FormGroup, ...]

    @property
    def fields(self) -> tuple[FormField, ...]:
        """Every question, as the page has them."""
        return (*self.openers, *(field for group in self.groups for field in group.fields))

    def field(self, question: str) -> FormField:
        """The field of one question; raises KeyError for an unknown one."""
        return {field.question.id: field for field in self.fields}[question]


def build_form(
    questions: Mapping[str, Question],
    given: Mapping[str, object],
    problems: Sequence[Problem] = (),
    taken: Mapping[str, Taken] = MappingProxyType({}),
) -> Form:
    """The form filled with what was given, each problem at its question, and what is taken where that hangs on it."""
    fields = {
        name: _field(question, given.get(name), problems, taken.get(name)) for name, question in questions.items()
    }
    rest = [field for name, field in fields.items() if name not in OPENERS]
    names = dict.fromkeys((*GROUPS, *(field.question.group for field in rest)))
    groups = (
        FormGroup(
            id=name,
            title=GROUPS.get(name, name.capitalize()),
            fields=tuple(field for field in rest if field.question.group == name),
        )
        for name in names
    )
    return Form(
        openers=tuple(fields[name] for name in OPENERS if name in fields),
        groups=tuple(group for group in groups if group.fields),
    )


def _field(question: Question, answer: object, problems: Sequence[Problem], taken: Taken | None) -> FormField:
    words = words_of(answer)
    doubt = find_doubt(question, words[0]) if len(words) == 1 and question.plausible else None
    return FormField(
        question=question,
        typed="" if choices_of(question) else ", ".join(words),
        choices=_choices(question, words),
        understood=doubt.words if doubt else _understood(question, words),
        taken=taken or Taken(words=describe_assumption(question), because=question.assume_because),
        problems=tuple(problem for problem in problems if problem.where == question.id),
        doubt=doubt,
    )


def words_of(answer: object) -> tuple[str, ...]:
    """A raw answer as the words that were written: none, one or several."""
    if answer is None:
        return ()
    return tuple(str(word) for word in answer) if isinstance(answer, list | tuple) else (str(answer),)


def _choices(question: Question, words: tuple[str, ...]) -> tuple[FormChoice, ...]:
    """The buttons: of a list what applies or none of it, else every choice and "I don't know", an answer like them."""
    offered = choices_of(question)
    if not offered:
        return ()
    if question.kind == "list":
        words = tuple(part.strip() for word in words for part in split_words(word))
        offered = (*offered, NONE)
        extra = tuple((word, word) for word in words if word not in dict(offered))
        return tuple(_choice(question, value, label, words) for value, label in (*offered, *extra))
    said = tuple(_plain_boolean(word) if question.kind == "boolean" else word for word in words)
    # A link may leave several choices open ("a|b"), or hold a word we do not know: neither may be lost on the way.
    labels = dict(offered)
    extra = tuple((word, _either(word, labels)) for word in said if word not in labels)
    return tuple(
        _choice(question, value, label, said or ("",)) for value, label in (*offered, *extra, ("", "I don’t know"))
    )


def _either(word: str, labels: Mapping[str, str]) -> str:
    return " or ".join(labels.get(part, part) for part in word.split("|"))


def _choice(question: Question, value: str, label: str, words: tuple[str, ...]) -> FormChoice:
    return FormChoice(id=f"{question.id}-{value or 'unknown'}", value=value, label=label, is_chosen=value in words)


def _plain_boolean(word: str) -> str:
    return {"yes": "true", "1": "true", "on": "true", "no": "false", "0": "false", "off": "false"}.get(
        word.strip().lower(), word.strip().lower()
    )


def _understood(question: Question, words: tuple[str, ...]) -> str:
    """How a typed quantity is read, in the words that the result uses; nothing where it cannot be read."""
    if len(words) != 1 or not question.unit or choices_of(question):
        return ""
    read = say_ends(read_ends(words[0], question.unit), question.unit)
    return "" if read == words[0].strip() else read
