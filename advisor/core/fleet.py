"""Many observed workloads side by side: what each runs on, what is advised, what that saves, and what is at risk.

Knows no client and no way of showing itself. Money is US dollars a month at list price, each workload by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.core.answers import read_answers
from advisor.core.assume import ASSUMED
from advisor.core.compiled import compile_rules
from advisor.core.costs import Costs
from advisor.core.errors import AnswersError, Problem, problem_at
from advisor.core.evaluate import evaluate
from advisor.core.headroom import measure_headroom
from advisor.core.observation import Figure, Finding, Observation, write_findings
from advisor.core.pricing import PRICED
from advisor.core.questions import Question
from advisor.core.rank import merge_weights
from advisor.core.recommendation import Headroom, Verdict
from advisor.core.rulebook import Rulebook
from advisor.core.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The winner, every verdict and how far limits are away; not how firm it is, the proof of which takes its time.

    `kept` are the options that no hard limit rules out at the assumed values.
    """

    outcome: str
    option: str
    margin: int
    kept: tuple[str, ...]
    workload: Workload
    verdicts: tuple[Verdict, ...]
    headrooms: tuple[Headroom, ...]

    @property
    def is_rated(self) -> bool:
        """Whether it is known how much comes: what an assumed rate costs is not what this workload costs."""
        return self.workload.grades["messages_per_second_avg"] != ASSUMED


def judge(workload: Workload, rulebook: Rulebook, asked: Mapping[str, int]) -> Judgement:
    """Who wins, for one of many; `recommend` says more about each."""
    weights = merge_weights(rulebook, asked)
    now = compile_rules(rulebook).rank(workload, weights, Costs(rulebook.facts))
    return Judgement(
        outcome=now.outcome,
        option=now.option,
        margin=now.margin,
        kept=tuple(sorted(now.scores)),
        workload=workload,
        verdicts=evaluate(workload, rulebook, weights),
        headrooms=measure_headroom(workload, rulebook),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One workload of a fleet; empty texts and None where it could not be observed or is not priced.

    `is_added` says that Kafka runs already: dollars of a Kafka that it may join are what it adds there.
    """

    subject: str
    option: str
    messages_per_second: float | None = None
    now_usd: float | None = None
    outcome: str = ""
    margin: int | None = None
    advised: str = ""
    advised_usd: float | None = None
    risk_percent: float | None = None
    risk: str = ""
    is_added: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def saving_usd(self) -> float | None:
        """What following the advice would save; negative where it would cost more."""
        if self.now_usd is None or self.advised_usd is None:
            return None
        return self.now_usd - self.advised_usd


def make_row(observation: Observation, judgement: Judgement | None, problems: Iterable[Problem] = ()) -> Row:
    """The row of one observation and the advice for it."""
    gaps = (*observation.gaps, *problems)
    if judgement is None:
        return Row(subject=observation.subject, option=observation.option, problems=gaps)
    verdicts = {verdict.option: verdict for verdict in judgement.verdicts if judgement.is_rated}
    risk = _worst(observation, judgement)
    return Row(
        subject=observation.subject,
        option=observation.option,
        messages_per_second=judgement.workload.messages_per_second_avg if judgement.is_rated else None,
        now_usd=_usd(verdicts.get(observation.option)),
        outcome=judgement.outcome,
        margin=judgement.margin,
        advised=judgement.option,
        advised_usd=_usd(verdicts.get(judgement.option)),
        risk_percent=risk.value if isinstance(risk.value, float) else None,
        risk=risk.name,
        is_added=any(each.estimate.is_added for each in verdicts.values()),
        problems=gaps,
    )


def _usd(verdict: Verdict | None) -> float | None:
    """What the option costs, or adds where Kafka runs already; None where a price is not known."""
    if verdict is None:
        return None
    estimate = verdict.estimate
    if estimate.is_added:
        return estimate.scored_usd if estimate.scored_by == PRICED else None
    return None if estimate.is_partial else estimate.likely_usd


def _worst(observation: Observation, judgement: Judgement) -> Figure:
    """The limit of what it runs on that is closest or passed, or what was observed to be closer still."""
    limits = [
        Figure(name=each.needed_name, value=float(each.used_percent), unit="percent")
        for each in judgement.headrooms
        if each.option == observation.option
    ]
    found = [*limits, *observation.risks]
    return max(found, key=lambda each: float(each.value), default=Figure(name="", value=0.0, unit="percent"))


def by_money(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Largest saving first, then the dearest; what is not priced comes last."""
    return tuple(sorted(rows, key=lambda row: (-_number(row.saving_usd), -_number(row.now_usd), row.subject)))


def by_risk(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Closest to a limit first."""
    return tuple(sorted(rows, key=lambda row: (-_number(row.risk_percent), row.subject)))


def _number(value: float | None) -> float:
    return -1e18 if value is None else value


def write_observation(observation: Observation) -> dict[str, object]:
    """An observation as plain values, from which it can be read again."""
    return {
        "subject": observation.subject,
        "option": observation.option,
        "answers": write_findings(observation.findings),
        "errors": {each.question: each.error for each in observation.findings if each.error},
        "figures": [[each.name, each.value, each.unit] for each in observation.figures],
        "risks": [[each.name, each.value, each.unit] for each in observation.risks],
        "gaps": [[gap.where, gap.code, gap.message, gap.hint] for gap in observation.gaps],
    }


def read_observation(record: Mapping[str, object], questions: Mapping[str, Question]) -> Observation:
    """What `write_observation` wrote; raises AnswersError for anything else."""
    try:
        members: Mapping[str, Any] = record
        answers, figures, risks, gaps = (members[name] for name in ("answers", "figures", "risks", "gaps"))
        errors = members.get("errors", {})  # which older releases did not write
        workload = read_answers(answers, questions)
        return Observation(
            subject=str(record["subject"]),
            option=str(record["option"]),
            findings=tuple(
                Finding(
                    question=name,
                    domain=workload.domains[name],
                    window=str(answer["window"]),
                    source=str(answer["source"]),
                    error=float(errors.get(name, 0.0)),
                )
                for name, answer in answers.items()
            ),
            figures=tuple(
                Figure(name=str(name), value=value if isinstance(value, str) else float(value), unit=str(unit))
                for name, value, unit in figures
            ),
            risks=tuple(Figure(name=str(name), value=float(value), unit=str(unit)) for name, value, unit in risks),
            gaps=tuple(problem_at(*map(str, gap)) for gap in gaps),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        message = "It is no record of an observation."
        raise AnswersError(Problem(where="state", code="not_a_record", message=message)) from None


def total_usd(rows: Sequence[Row]) -> float:
    """What all of them cost today, each by itself, as far as it is priced."""
    return sum(row.now_usd or 0.0 for row in rows)
