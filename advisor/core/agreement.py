"""How far the advice agrees with decisions that real teams published: score one case, add up many.

Knows the words of published decisions and no file; a case that could not be read disagrees and says why.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from advisor.core.errors import Problem
from advisor.core.recommendation import DECIDED, FAMILIES, NEITHER, Reason, Recommendation
from advisor.core.rulebook import Option, Rulebook

COUNTED = ("strong", "medium")
UNREADABLE = "unreadable"
_SCORE_AS = re.compile(r"\bscore ([a-z0-9 ,:-]+?) as\b")  # how a case's note says what else is right
_MOST_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCase:
    """What a team said of its workload and what it chose; `option` is empty where the source does not say which."""

    id: str
    title: str
    source: str
    summary: str
    strength: str
    answers: Mapping[str, object]
    family: str
    option: str
    also_accepted: tuple[str, ...]
    notes: str
    is_left_out: bool

    @property
    def is_counted(self) -> bool:
        return self.strength in COUNTED and not self.is_left_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The advice for one case beside what was chosen. `option_agrees` is None where options cannot be compared."""

    case: PublishedCase
    outcome: str
    state: str
    option: str
    family_agrees: bool
    option_agrees: bool | None
    reasons: tuple[Reason, ...] = ()
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many agree, of how many; options are compared where the family agrees and the source names one."""

    family_agree: int
    family_of: int
    option_agree: int
    option_of: int
    decided_of: int
    wrong_under_decided: int


def score_case(case: PublishedCase, recommendation: Recommendation, rulebook: Rulebook) -> Agreement:
    """The family is right when it is the chosen one or one that the source calls as good."""
    option = _our_option(recommendation, rulebook)
    accepted = _accepted_words(case)
    agrees = recommendation.outcome in accepted_families(case, rulebook)
    comparable = agrees and bool(case.option)
    return Agreement(
        case=case,
        outcome=recommendation.outcome,
        state=recommendation.state,
        option=option,
        family_agrees=agrees,
        option_agrees=any(_is_same(option, word) for word in (case.option, *accepted)) if comparable else None,
        reasons=deciding_reasons(recommendation),
        remarks=recommendation.remarks,
    )


def accepted_families(case: PublishedCase, rulebook: Rulebook) -> frozenset[str]:
    """The chosen family, and those that the source calls as good."""
    return frozenset({case.family, *(_family_of(word, rulebook.options) for word in _accepted_words(case))})


def unreadable(case: PublishedCase, problems: tuple[Problem, ...]) -> Agreement:
    """A case whose answers cannot be read: no agreement, and the problems say why."""
    return Agreement(
        case=case,
        outcome=UNREADABLE,
        state=UNREADABLE,
        option="",
        family_agrees=False,
        option_agrees=None,
        remarks=problems,
    )


def _our_option(recommendation: Recommendation, rulebook: Rulebook) -> str:
    """The option, or for `neither` where the first signpost points."""
    if recommendation.outcome != NEITHER:
        return recommendation.option
    first = recommendation.signposts[0].rule
    return next(signpost.to for signpost in rulebook.signposts if signpost.id == first)


def _accepted_words(case: PublishedCase) -> tuple[str, ...]:
    noted = _SCORE_AS.search(case.notes.lower())
    words = re.split(r"\s*,\s*|\s+or\s+|\s+and\s+", noted[1].strip()) if noted else []
    return (*case.also_accepted, *words)


def _family_of(word: str, options: Mapping[str, Option]) -> str:
    option = options.get(_normalize(word))
    if option is not None:
        return option.family
    return word if word in FAMILIES else NEITHER


def _normalize(word: str) -> str:
    return word.strip().lower().removeprefix("other:").replace("-", "_")


def _is_same(option: str, word: str) -> bool:
    """`other:redis-streams` is what a signpost calls redis."""
    theirs = _normalize(word)
    return bool(option) and (theirs == option or theirs.startswith(f"{option}_"))


def deciding_reasons(recommendation: Recommendation) -> tuple[Reason, ...]:
    """What sets the winner apart from the best of the other family: what rules that out, and the greatest leads."""
    if not recommendation.option:
        return recommendation.signposts[:1]
    rival = recommendation.alternative
    theirs: dict[str, int] = {}
    if rival is not None:
        theirs = {reason.rule: reason.contribution for reason in recommendation.verdict(rival.option).reasons}
    led = [
        (reason.contribution - theirs.get(reason.rule, 0), reason)
        for reason in recommendation.verdict(recommendation.option).reasons
        if reason.criterion
    ]
    leads = sorted((pair for pair in led if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].rule))
    excluding = rival.excluded_by if rival is not None else ()
    return (*excluding, *(reason for _, reason in leads))[:_MOST_REASONS]


def count(agreements: Iterable[Agreement]) -> Tally:
    """The totals of these cases, whichever they are."""
    counted = tuple(agreements)
    compared = [one for one in counted if one.option_agrees is not None]
    decided = [one for one in counted if one.state == DECIDED]
    return Tally(
        family_agree=sum(one.family_agrees for one in counted),
        family_of=len(counted),
        option_agree=sum(one.option_agrees is True for one in compared),
        option_of=len(compared),
        decided_of=len(decided),
        wrong_under_decided=sum(not one.family_agrees for one in decided),
    )


def count_by(agreements: Iterable[Agreement], key: Callable[[Agreement], str]) -> dict[str, Tally]:
    """The totals for each value of the key, in the order of the values."""
    groups: dict[str, list[Agreement]] = {}
    for one in agreements:
        groups.setdefault(key(one), []).append(one)
    return {name: count(groups[name]) for name in sorted(groups)}
