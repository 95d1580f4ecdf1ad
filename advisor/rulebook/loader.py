"""rules/ → Rulebook. Reads every file, collects every fault, and only then complains.

Knows the folder's layout; the meaning of the rules is the core's.
"""

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, TypedDict, TypeVar

from yaml.nodes import MappingNode, Node, SequenceNode

from advisor.core.domains import Interval
from advisor.core.errors import Problem, RulebookError
from advisor.core.facts import Fact, Facts
from advisor.core.rulebook import Comparison, Constraint, Criterion, Option, Preference, Rulebook, Statement
from advisor.core.units import format_quantity
from advisor.rulebook import entries
from advisor.rulebook.check import PLACEHOLDER, check_folders, check_rules
from advisor.rulebook.check_arithmetic import check_arithmetic
from advisor.rulebook.fact_entries import read_fact
from advisor.rulebook.nodes import UNREAD, Reading


class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)
_VERSION_LENGTH = 12
MISSING_FOLDER = "missing_folder"


@dataclass(slots=True)
class Shelf:
    """What was read so far: problems, where each entry stands, and which are too broken to be kept."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def read(self, name: str, read: Callable[[Reading, Node], T | None]) -> list[T]:
        """All entries of one file, each under an id of its own."""
        reading = Reading(name=name, problems=self.problems)
        found: list[T] = []
        for node in reading.items(reading.open(self.folder / name)):
            item = read(reading, node)
            self.add(reading, node, None if node in reading.lacking else item, found)
        return found

    def add(self, reading: Reading, node: Node, item: T | None, found: list[T]) -> None:
        if item is None:
            self.broken |= {str(member.value) for key, member in _named(node) if key == "id"}
            return
        if item.id in self.places:
            first = self.places[item.id]
            reading.refuse(node, "duplicate_id", f"“{item.id}” stands also at {first}.", "Ids are unique.")
        self.places[item.id] = reading.where(node)
        for key, member in _named(node):
            self.places[f"{item.id}.{key}"] = reading.where(member)
            if key in ("when", "also"):
                for name, test in (each for tests in _alternatives(member) for each in _named(tests)):
                    self.places.setdefault(f"{item.id}.when.{name}", reading.where(test))
        found.append(item)


def _named(node: Node) -> Iterator[tuple[str, Node]]:
    for key, member in node.value if isinstance(node, MappingNode) else ():
        yield str(key.value), member


def _alternatives(when: Node) -> list[Node]:
    return list(when.value) if isinstance(when, SequenceNode) else [when]


def _refuse_missing(folder: Path) -> None:
    message = "There is no such folder of rules."
    try:
        if folder.is_dir():
            return
    except OSError as error:  # such as a name that is too long
        message = f"It cannot be read: {error.strerror}."
    hint = "Name one that is made like rules/."
    raise RulebookError(Problem(where=str(folder), code=MISSING_FOLDER, message=message, hint=hint))


def load_for_good(folder: Path, templates: Path | None = None) -> Rulebook:
    """The same for as long as the process lives: nothing of it is garbage, so that no search for garbage walks through
    it, neither while it is read nor later."""
    gc.disable()
    try:
        return load_rulebook(folder, templates)
    finally:
        gc.freeze()
        gc.enable()


def load_rulebook(folder: Path, templates: Path | None = None) -> Rulebook:
    """The checked rulebook; raises RulebookError with every problem, each with file and line.

    Where `templates` is given, what options are built from must lie there.
    """
    _refuse_missing(folder)
    shelf = Shelf(folder=folder)
    facts = Facts({fact.id: fact for path in _fact_files(folder) for fact in shelf.read(path, read_fact)})
    questions = _by_id(shelf.read("questions.yaml", entries.read_question))
    options = _by_id(shelf.read("options.yaml", entries.read_option))
    rulebook = Rulebook(
        version=_version(shelf),
        questions=questions,
        facts=facts,
        options=options,
        constraints=tuple(_spread(rule, options) for rule in shelf.read("constraints.yaml", entries.read_constraint)),
        preferences=tuple(_point(rule, options) for rule in shelf.read("preferences.yaml", entries.read_preference)),
        signposts=tuple(shelf.read("signposts.yaml", entries.read_signpost)),
        comparisons=tuple(_fill(row, facts) for row in shelf.read("comparison.yaml", entries.read_comparison)),
        **_read_criteria(shelf),
    )
    if UNREAD.isdisjoint(problem.code for problem in shelf.problems):  # else all that names its entries is a fault
        shelf.problems.extend(check_rules(rulebook, shelf.places, shelf.broken))
        if templates is not None:
            shelf.problems.extend(check_folders(rulebook, templates, shelf.places))
    if not shelf.problems:
        shelf.problems.extend(fault.place(shelf.places, "facts") for fault in check_arithmetic(rulebook))
    if shelf.problems:
        raise RulebookError(*sorted(set(shelf.problems)))
    return rulebook.bind(facts)


def _version(shelf: Shelf) -> str:
    try:
        return digest(shelf.folder)
    except OSError as error:
        name = Path(error.filename).relative_to(shelf.folder).as_posix()
        message = f"It cannot be read: {error.strerror}."
        shelf.problems.append(Problem(where=f"{name}:1", code="not_read", message=message))
        return ""


def digest(folder: Path) -> str:
    """The content hash of every YAML file but the cases, which say nothing about the answer."""
    sha = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(("cases/", "examples/")):
            sha.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return sha.hexdigest()[:_VERSION_LENGTH]


def _fact_files(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in sorted((folder / "facts").glob("*.yaml"))]


def _by_id(items: Iterable[T]) -> Mapping[str, T]:
    return {item.id: item for item in items}


class _Criteria(TypedDict):
    tie_margin: int
    cost_points_per_doubling: int
    cost_scale_usd: Interval
    criteria: Mapping[str, Criterion]


_NO_CRITERIA = _Criteria(tie_margin=0, cost_points_per_doubling=0, cost_scale_usd=Interval(low=1, high=1), criteria={})


def _read_criteria(shelf: Shelf) -> _Criteria:
    reading = Reading(name="criteria.yaml", problems=shelf.problems)
    root = reading.open(shelf.folder / "criteria.yaml")
    entry = reading.entry(root, ("tie_margin", "cost", "criteria"), ("because",)) if root else None
    cost = None
    if entry is not None:
        cost = reading.entry(entry.members["cost"], ("points_per_doubling", "scale_usd"), ("because",))
    if entry is None or cost is None:
        return _NO_CRITERIA
    criteria: list[Criterion] = []
    for node in reading.items(entry.members["criteria"]):
        shelf.add(reading, node, entries.read_criterion(reading, node), criteria)
    return _Criteria(
        tie_margin=entry.integer("tie_margin", 0, 1000),
        cost_points_per_doubling=cost.integer("points_per_doubling", 0, 30),
        cost_scale_usd=entries.read_interval(reading, cost.members["scale_usd"]) or Interval(low=1, high=1),
        criteria=_by_id(criteria),
    )


def _spread(rule: Constraint, options: Mapping[str, Option]) -> Constraint:
    return replace(rule, options=tuple(each for name in rule.options for each in _members(name, options)))


def _point(rule: Preference, options: Mapping[str, Option]) -> Preference:
    """`family:kafka` stands for each of its options; an option named by itself wins over its family."""
    points = {each: given for name, given in rule.points if ":" in name for each in _members(name, options)}
    points.update((name, given) for name, given in rule.points if ":" not in name)
    return replace(rule, points=tuple(points.items()))


def _members(name: str, options: Mapping[str, Option]) -> tuple[str, ...]:
    if not name.startswith("family:"):
        return (name,)
    family = name.removeprefix("family:")
    return tuple(option.id for option in options.values() if option.family == family) or (name,)


def _fill(row: Comparison, facts: Facts) -> Comparison:
    def fill(statement: Statement) -> Statement:
        return replace(statement, text=PLACEHOLDER.sub(lambda match: _shown(match[1], facts), statement.text))

    correction = fill(row.correction) if row.correction else None
    return replace(row, kafka=fill(row.kafka), sqs=fill(row.sqs), correction=correction)


def _shown(fact: str, facts: Facts) -> str:
    """The fact's value in words; an unknown id is left for the checker to name."""
    found: Fact | None = facts.get(fact)
    quote = found.find() if found else None
    if found is None or quote is None:
        return f"{{{fact}}}"
    if isinstance(quote.value, float):
        return format_quantity(quote.value, found.unit)
    return str(quote.value)
