"""The conclusion alone: its reason is the one that the verdicts give, and its short way to a state ends where the proof
does."""

from collections.abc import Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.core.conclude import conclude, open_lab
from advisor.core.evaluate import evaluate, signposts_for
from advisor.core.proof import Claim, Prover
from advisor.core.rank import merge_weights
from advisor.core.recommendation import DECIDED, NEITHER, NONE, Conclusion, Reason, Verdict
from advisor.core.workload import Workload
from tests.core.workloads import full_answers, read, real_rulebook, real_weights, some_answers
from tests.examples import tries

BOOK = real_rulebook()
SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
random_weights = st.dictionaries(st.sampled_from(sorted(BOOK.criteria)), st.integers(0, 9))


def find_reason(conclusion: Conclusion, verdicts: tuple[Verdict, ...]) -> Reason | None:
    """The reason that sets the winner most apart from the best of the other family, looked for among all."""
    winner = next(verdict for verdict in verdicts if verdict.option == conclusion.option)
    others = [verdict for verdict in verdicts if verdict.family not in (winner.family, "both")]
    kept = [verdict for verdict in others if not verdict.is_excluded]
    if not kept and others:
        return next(reason for reason in others[0].reasons if reason.effect == "excludes")
    theirs = {reason.rule: reason.contribution for reason in kept[0].reasons} if kept else {}
    leads = [reason for reason in winner.reasons if reason.kind == "preference"]
    leads = [reason for reason in leads if reason.contribution > theirs.get(reason.rule, 0)]
    return max(leads, key=lambda reason: reason.contribution - theirs.get(reason.rule, 0), default=None)


def say(reason: Reason) -> str:
    """The budget speaks of the other side, so that this is named."""
    if reason.rule != "budget":
        return reason.because
    return f"{BOOK.options[reason.option].label}: {reason.because[0].lower()}{reason.because[1:]}"


@given(full_answers().map(read), random_weights)
@settings(max_examples=tries(75), suppress_health_check=SLOW_TO_DRAW)
def test_the_headline_has_the_reason_that_the_verdicts_give(workload: Workload, asked: Mapping[str, int]) -> None:
    conclusion = conclude(workload, BOOK, asked)
    if conclusion.outcome == NEITHER:
        assert conclusion.headline.endswith(signposts_for(workload, BOOK)[0].because)
    elif conclusion.outcome != NONE:
        reason = find_reason(conclusion, evaluate(workload, BOOK, merge_weights(BOOK, asked)))
        assert conclusion.headline.endswith(say(reason) if reason else ".")
        assert reason is not None or conclusion.headline.count(".") == 1


@given((full_answers() | some_answers().map(lambda answers: answers | {"nothing_else": True})).map(read))
@settings(max_examples=tries(75), suppress_health_check=SLOW_TO_DRAW)
def test_its_state_is_the_one_that_is_proved(workload: Workload) -> None:
    """Where nothing is open the ranking is taken for the proof; the prover must say the same."""
    lab = open_lab(workload, BOOK, None, None)
    now, conclusion = lab.rank(), conclude(workload, BOOK)
    prover = Prover(rulebook=BOOK, weights=real_weights(), costs=lab.costs)
    family = frozenset(name for name, option in BOOK.options.items() if option.family == now.outcome)
    if workload.is_known and now.outcome != NONE:
        proved = prover.proves(Claim(outcome=now.outcome, group=family), workload)
        assert (conclusion.state == DECIDED) == (proved and now.margin > BOOK.tie_margin)
    if conclusion.state == DECIDED and now.option:
        alone = prover.proves(Claim(outcome=now.outcome, group=frozenset({now.option})), workload)
        least = min(now.margin, now.option_margin)
        assert (conclusion.option_state == DECIDED) == (alone and least > BOOK.tie_margin)
