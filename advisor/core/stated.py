"""The lightest and the heaviest load that was stated: every range at one of its ends, and what is assumed follows.

Knows no bill.
"""

from advisor.core.assume import restate, stated_of
from advisor.core.domains import known
from advisor.core.once import once
from advisor.core.quantities import open_ends
from advisor.core.rulebook import Rulebook
from advisor.core.workload import Workload

Ends = tuple[Workload, Workload]


@once
def stated_ends(workload: Workload, rulebook: Rulebook, but: str) -> Ends:
    """Both of them; twice the workload itself where no range was stated. One question is left out, as it is."""
    return _end(workload, rulebook, but, heavy=False), _end(workload, rulebook, but, heavy=True)


def _end(workload: Workload, rulebook: Rulebook, but: str, *, heavy: bool) -> Workload:
    end = workload
    for name, value in open_ends(stated_of(workload), heavy=heavy).items():
        if name != but:
            end = restate(end, rulebook, name, known(value))
    return end
