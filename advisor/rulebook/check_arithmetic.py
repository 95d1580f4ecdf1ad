"""Does the arithmetic of the options find the facts that it asks for: tried on a few workloads, and no rule read."""

from collections.abc import Iterator, Mapping

from advisor.core.answers import read_answers
from advisor.core.errors import AnswersError
from advisor.core.options import OPTIONS, estimate
from advisor.core.rulebook import Rulebook
from advisor.core.tariffs import TARIFFS
from advisor.core.workload import Workload
from advisor.rulebook.faults import Fault, Faults

_FUNCTIONS: Mapping[str, object] = {"consumer_runtime": "lambda", "use_free_tier": True}
_TRIED: tuple[Mapping[str, object], ...] = (  # so that what only some of them need is asked for as well
    {},
    {**_FUNCTIONS, "ordering": "per-key", "replay_needed": True, "retention_hours": 400, "consumer_groups": 3},
    {**_FUNCTIONS, "cloud": "azure", "message_size_bytes_max": 9_000_000, "integrations": ["share-groups"]},
)


def check_arithmetic(rulebook: Rulebook) -> Faults:
    """What is not there, or is no number, of the facts that bills and sizings are made of."""
    for price in sorted({tariff.price for tariff in TARIFFS.values()} - rulebook.facts.keys()):
        yield Fault(entry=price, code="missing_fact", message=f"Bills need the fact {price}, which does not exist.")
    tried = [*_read_tried(rulebook)]
    found = {fault for option in OPTIONS for workload in tried for fault in _try(option, workload, rulebook)}
    yield from sorted(found, key=lambda fault: fault.message)


def _read_tried(rulebook: Rulebook) -> Iterator[Workload]:
    for answers in _TRIED:
        try:
            yield read_answers(answers, rulebook.questions)
        except AnswersError:  # the questions of these rules have no such answer
            continue


def _try(option: str, workload: Workload, rulebook: Rulebook) -> Iterator[Fault]:
    try:
        steps = estimate(option, workload, rulebook.facts).sizing.steps
        shown = {fact for step in steps for fact in step.facts} - rulebook.facts.keys()
        yield from (_lack(option, fact) for fact in shown)
    except KeyError as error:
        yield _lack(option, *error.args[0] if isinstance(error.args[0], tuple) else error.args)
    except TypeError as error:
        message = f"{option} cannot be sized and priced: {error}."
        yield Fault(entry=str(error).partition(" ")[0], key="value", code="wrong_type", message=message)


def _lack(option: str, fact: str, *at: str) -> Fault:
    of = f" for {', '.join(at)}" if at else ""
    message = f"{option} cannot be sized and priced: it needs the fact {fact}, which has no value{of}."
    return Fault(entry=fact, key="values", code="missing_fact", message=message)
