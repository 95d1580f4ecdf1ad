"""Rankings of many what-ifs of one kind, each made once. Saves time, changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from advisor.core.compiled import Weighed, Winner, compile_rules
from advisor.core.costs import Costs
from advisor.core.index import index_rules
from advisor.core.rank import Ranking
from advisor.core.rulebook import Rulebook
from advisor.core.workload import Workload


@dataclass(slots=True)
class Rankings:
    """Rankings under some weights and costs; workloads that differ only in what no rule and no bill reads share one."""

    rulebook: Rulebook
    weights: Mapping[str, int]
    costs: Costs
    _rules: Weighed = field(init=False)
    _read: Callable[[Workload], object] = field(init=False)
    _found: dict[object, Ranking] = field(default_factory=dict)
    _won: dict[object, tuple[object, Winner]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rules = compile_rules(self.rulebook).under(self.weights)
        self._read = index_rules(self.rulebook).read_deciding

    def of(self, workload: Workload) -> Ranking:
        """The same as rank.rank."""
        key = self._read(workload)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._rules.rank(workload, self.costs)
        return found

    def winner_of(self, workload: Workload) -> Winner:
        """Its outcome and option alone, for fewer bills: one for all that are judged alike and cost the same."""
        usd, judged = self.costs.all_usd(workload), self._rules.judge(workload)
        key = judged, workload.budget_usd_per_month, workload.cloud, id(usd)  # which is kept, so that no other has it
        found = self._won.get(key)
        if found is None:
            found = self._won[key] = usd, self._rules.find_winner(judged, workload, usd)
        return found[1]
