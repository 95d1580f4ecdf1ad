"""The whole answer, as values: outcome and state, verdicts with reasons, estimates, and what would change it.

Knows no way of showing itself; advisor/render does that.
"""

from dataclasses import dataclass
from datetime import date

from advisor.core.domains import Domain, Value
from advisor.core.errors import Problem
from advisor.core.estimate import Estimate
from advisor.core.facts import Source
from advisor.core.rulebook import Comparison
from advisor.core.workload import Workload

SQS, KAFKA, BOTH = FAMILIES = ("sqs", "kafka", "both")
NEITHER, NONE = "neither", "none"
OUTCOMES = (*FAMILIES, NEITHER, NONE)
DECIDED, LEANING, TIE, OPEN = "decided", "leaning", "tie", "open"
STATES = (DECIDED, LEANING, TIE, OPEN, NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The fact behind a sentence: its value as used here, with source and date."""

    fact: str
    label: str
    value: Value
    unit: str
    source: Source

    def __hash__(self) -> int:
        """By its fact alone, which tells nearly all apart: renderings look each one up again and again."""
        return hash(self.fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One rule that fired (or may: `depends_on`), with its sentence, its points and the facts it rests on.

    `kind` is constraint, preference, cost or signpost. `effect` is excludes, warns, depends, points, instead or beside.
    `needed` and `limit` are set where a limit is compared; `contribution` is points x weight.
    """

    rule: str
    kind: str
    effect: str
    because: str
    option: str = ""
    criterion: str = ""
    points: int = 0
    contribution: int = 0
    needed: float | None = None
    needed_name: str = ""
    limit: float | None = None
    unit: str = ""
    setting: str = ""
    depends_on: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """How much of a limit is used at the assumed values, today, and in how many months growth reaches it (or never)."""

    rule: str
    option: str
    needed_name: str
    needed: float
    limit: float
    unit: str
    used_percent: float
    months_until_reached: float | None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome for one option. `status` is kept, excluded or depends; the reasons' contributions sum to `score`."""

    option: str
    family: str
    label: str
    status: str
    score: int
    reasons: tuple[Reason, ...]
    estimate: Estimate

    @property
    def is_excluded(self) -> bool:
        return self.status == "excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """What was taken because there was no answer, and why."""

    question: str
    value: Value
    unit: str
    because: str
    domain: Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """The smallest change of one answer that changes the outcome: at `until` it holds, at `becomes_at` it does not."""

    question: str
    until: Value
    becomes_at: Value
    unit: str
    outcome: str
    option: str
    within_domain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NextQuestion:
    """What to ask next: the question with most power to turn the outcome, in per cent of its threshold cells."""

    question: str
    power_percent: int
    with_question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRange:
    """The weights of one criterion, others as they are, within which the outcome stays."""

    criterion: str
    weight: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """The best option of the other family and what would have to be true for it to win."""

    option: str
    label: str
    behind_by: int
    excluded_by: tuple[Reason, ...]
    flips: tuple[Flip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What the answer comes to, and what it is the answer to."""

    outcome: str
    state: str
    option: str
    option_state: str
    margin: int
    headline: str
    workload: Workload
    rulebook_version: str
    as_of: date | None = None
    weights: tuple[tuple[str, int], ...] = ()
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation(Conclusion):
    """Answers met with the rulebook. Same answers, rulebook and release: the same value."""

    verdicts: tuple[Verdict, ...]
    signposts: tuple[Reason, ...]
    assumptions: tuple[Assumption, ...]
    turning_questions: tuple[str, ...]
    headrooms: tuple[Headroom, ...] = ()
    flips: tuple[Flip, ...] = ()
    next_question: NextQuestion | None = None
    alternative: Alternative | None = None
    weight_ranges: tuple[WeightRange, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    cited: tuple[Evidence, ...] = ()  # the facts that comparisons, sizing steps and cost lines name

    def verdict(self, option: str) -> Verdict:
        """The verdict for one option; raises KeyError for an unknown one."""
        for verdict in self.verdicts:
            if verdict.option == option:
                return verdict
        raise KeyError(option)
