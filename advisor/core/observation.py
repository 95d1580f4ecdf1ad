"""What a live queue or cluster says about itself, as values: findings that answer questions, figures, and gaps.

Knows no client and no clock. What somebody stated always wins over what was observed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from advisor.core.answers import Plain, write_domain
from advisor.core.assume import MEASURED, STATED
from advisor.core.domains import Choices, Domain, Interval, Members, known
from advisor.core.errors import Problem
from advisor.core.questions import Question
from advisor.core.workload import Workload

_OTHER = "other"  # the choice for what the choices do not name, where a question has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One question answered by measurement: over which window, from which source, within which relative error."""

    question: str
    domain: Domain
    window: str
    source: str
    error: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Something worth knowing that answers no question: a tag, a lag, dead letters."""

    name: str
    value: float | str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """All that was learned about one queue or topic. `option` is what it runs on today, empty where that is unknown.

    `risks` name what is close to hurting already, in per cent of where it hurts.
    """

    subject: str
    option: str
    findings: tuple[Finding, ...] = ()
    figures: tuple[Figure, ...] = ()
    risks: tuple[Figure, ...] = ()
    gaps: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A question that somebody answered otherwise than was observed; what was stated stays."""

    question: str
    unit: str
    stated: Plain
    observed: Plain
    window: str
    source: str


def fit(observation: Observation, questions: Mapping[str, Question]) -> Observation:
    """The same findings as the questions can take them: within bounds, whole, among the choices, lists left open."""
    fitted = (_fit(finding, questions[finding.question]) for finding in observation.findings)
    return replace(observation, findings=tuple(sorted(fitted, key=lambda finding: finding.question)))


def _fit(finding: Finding, question: Question) -> Finding:
    ids = tuple(choice.id for choice in question.choices)
    match finding.domain:
        case Interval(low=low, high=high) if question.bounds is not None:
            ends = [question.bounds.clip(_whole(end, question)) for end in (low, high)]
            return replace(finding, domain=Interval(low=ends[0], high=ends[1]))
        case Choices(values=values) if ids and not set(values) <= set(ids) and _OTHER in ids:
            return replace(finding, domain=known(_OTHER))
        case Members(all_of=all_of):  # what was seen is there; what was not seen may still be
            maybe = tuple(word for word in ids if word not in all_of)
            return replace(finding, domain=Members(all_of=all_of, maybe=maybe))
    return finding


def _whole(number: float, question: Question) -> float:
    return float(round(number)) if question.kind == "integer" else number


def write_findings(findings: Iterable[Finding]) -> dict[str, dict[str, Plain]]:
    """Findings as graded answers, numbers rounded to six figures."""
    return {finding.question: _write(finding) for finding in findings}


def _write(finding: Finding) -> dict[str, Plain]:
    evidence = {"window": finding.window, "source": finding.source}
    percent = float(f"{finding.error * 100:.2g}")
    error = {"error": f"± {percent:g} %"} if finding.error else {}
    return {"value": write_domain(_rounded(finding.domain)), "grade": MEASURED, **evidence, **error}


def _rounded(domain: Domain) -> Domain:
    if not isinstance(domain, Interval):
        return domain
    return Interval(low=_round(domain.low), high=_round(domain.high))


def _round(number: float) -> float:
    return float(f"{number:.6g}")


def merge(
    given: Mapping[str, object], workload: Workload, observation: Observation, questions: Mapping[str, Question]
) -> dict[str, object]:
    """Raw answers (whose workload this is) with what was observed put in where nothing was stated."""
    findings = keep_stated(workload, observation)
    replaced = {name for finding in findings for name in (finding.question, *questions[finding.question].aliases)}
    kept = {name: answer for name, answer in given.items() if name not in replaced}
    return {**kept, **write_findings(findings)}


def keep_stated(workload: Workload, observation: Observation) -> tuple[Finding, ...]:
    """The findings for questions that nobody answered; an older measurement gives way to a newer one."""
    return tuple(finding for finding in observation.findings if workload.grades.get(finding.question) != STATED)


def find_differences(
    workload: Workload, observation: Observation, questions: Mapping[str, Question]
) -> Iterator[Difference]:
    """Where what was stated cannot be what was observed, errors allowed for."""
    for finding in observation.findings:
        name = finding.question
        if workload.grades.get(name) == STATED and not agrees(workload.domains[name], finding):
            yield Difference(
                question=name,
                unit=questions[name].unit,
                stated=write_domain(workload.domains[name]),
                observed=write_domain(_rounded(finding.domain)),
                window=finding.window,
                source=finding.source,
            )


def agrees(stated: Domain, finding: Finding) -> bool:
    """Whether the stated answer has room for the observed one."""
    match stated, finding.domain:
        case Interval(), Interval(low=low, high=high):  # as it was found, and as it is written
            least, most = min(low, _round(low)), max(high, _round(high))
            room = Interval(low=least * (1 - finding.error), high=most * (1 + finding.error))
            return stated.meet(room) is not None
        case Choices(values=mine), Choices(values=seen):
            return bool(set(mine) & set(seen))
        case Members(all_of=mine, maybe=maybe), Members(all_of=seen):
            return set(seen) <= {*mine, *maybe}
    return False
