"""What is asked: one question of the rulebook as typed values. Knows no rule, no option and no YAML."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from advisor.core.domains import NOT_TOLD, Choices, Domain, Interval, Members, Value

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
NUMERIC = ("number", "integer")  # the kinds of question that a number answers


def split_words(text: str) -> list[str]:
    """The words of a list written as one text; in a table, where commas part the cells, semicolons stand between."""
    return text.replace(";", ",").split(",")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One offered answer of a choice or list question."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """`times` the answer of question `of`, divided by the answer of `over` where there is one."""

    of: str
    times: float
    over: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`amount` divided by the answer of question `over`."""

    amount: float
    over: str

    def for_each(self, over: Value) -> float:
        """What it comes to; there is no end of it where that answer is 0."""
        assert isinstance(over, float), self.over  # the reader checks that it is a number
        return self.amount / over if over else math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Reckoned with from `low` to `high` times the answer of question `of`; `low` is divided by that of `over`."""

    of: str
    low: float
    high: float
    over: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where the list that answers question `of` has this word."""

    of: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing we ask. `plausible` (or `within`) is what is reckoned with while unanswered; `assume` lies inside it.

    `assume_from` is used instead of `assume` when that other question was answered; else no more than `assume_up_to`
    is taken. `at_least` and `at_most`
    name questions whose answers bound this one. `closed_to` is the value under `nothing_else: true`.
    Where `only_where` surely does not hold there is nothing to ask: it is as assumed. `known_percent` is the share of
    published decisions in which it is answered, or mentioned.
    """

    id: str
    group: str
    kind: str
    text: str
    help: str
    why_we_ask: str
    assume: Value | Multiple
    assume_because: str
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    plausible_choices: tuple[str, ...] = ()
    bounds: Interval | None = None
    plausible: Interval | None = None
    within: Within | None = None
    plausible_because: str = ""
    assume_from: Multiple | None = None
    assume_up_to: Share | None = None
    at_least: str | None = None
    at_most: str | None = None
    closed_to: Value | None = None
    only_where: Where | None = None
    needed_to_lean: bool = False
    known_percent: int = 2
    other_words: bool = False
    aliases: tuple[str, ...] = ()
    plain: Mapping[object, Domain] = field(init=False, compare=False, repr=False)
    usual: tuple[float, float] = field(init=False, compare=False, repr=False)
    unanswered: Domain | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plain", dict(self._plain_answers()))
        object.__setattr__(self, "usual", self._usual_numbers())
        object.__setattr__(self, "unanswered", self._unanswered())

    def cut_by_neighbours(self, mine: Interval, domains: Mapping[str, Domain]) -> tuple[float, float]:
        """The ends that a domain of this question has left beside those of its neighbours, as a peak is no smaller
        than the average; the lower over the upper where nothing is left."""
        floor, ceiling = domains.get(self.at_least or ""), domains.get(self.at_most or "")
        low = max(mine.low, floor.low) if isinstance(floor, Interval) else mine.low
        high = min(mine.high, ceiling.high) if isinstance(ceiling, Interval) else mine.high
        return low, high

    @property
    def may_be(self) -> tuple[str | bool, ...]:
        """What a choice or one word of a list may be: the choices, and that nobody told which."""
        words = tuple(choice.id for choice in self.choices) or (True, False)
        return (*words, NOT_TOLD) if self.assume == NOT_TOLD else words

    @property
    def quantity(self) -> str:
        """What answers it where a number is wanted."""
        return "a number" if self.unit in ("", "count") else f"a number of {self.unit}"

    def spell(self, word: str) -> str:
        """A word of the rulebook however it was capitalised, any other as it is but on one line: what steers a terminal
        is no part of a word."""
        small = word.strip().lower()
        return small if small in self.plain else " ".join(_CONTROLS.sub(" ", word).split())

    def _unanswered(self) -> Domain | None:
        """What a choice or a list may be that nobody answered; of a number that hangs on others."""
        if self.kind in ("choice", "boolean"):
            return Choices(values=self.plausible_choices or self.may_be)
        words = tuple(choice.id for choice in self.choices)
        return Members(all_of=(), maybe=words) if self.kind == "list" else None

    def _usual_numbers(self) -> tuple[float, float]:
        """Between these a number is taken without a word; nothing lies between them where no number is wanted."""
        bounds, plausible = self.bounds, self.plausible
        if bounds is None:
            return math.inf, -math.inf
        if plausible is None or plausible.is_known:
            return bounds.low, bounds.high
        return max(bounds.low, plausible.low), min(bounds.high, plausible.high)

    def _plain_answers(self) -> Iterator[tuple[object, Domain]]:
        """Each answer that is one word as it stands in the rulebook, and what it leaves open: nothing."""
        if self.kind == "boolean":
            for word, value in (("yes", True), ("true", True), ("no", False), ("false", False)):
                yield word, Choices(values=(value,))
                yield value, Choices(values=(value,))
        for choice in self.choices:
            yield choice.id, Choices(values=(choice.id,)) if self.kind == "choice" else Members(all_of=(choice.id,))
        if self.kind == "list":
            yield "none", Members(all_of=())
