"""What is worked out once for each workload, and kept in it: saves time, changes nothing. Knows no workload itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, TypeVar, TypeVarTuple

T = TypeVar("T")
W = TypeVar("W")
Rest = TypeVarTuple("Rest")
KEPT = "_kept"  # where `once` keeps its own


class derived(Generic[T]):  # noqa: N801 - reads like property
    """A property that is worked out once. functools has one too, but takes a lock for each, which costs more than
    most of these."""

    def __init__(self, work_out: Callable[[Any], T]) -> None:
        self._work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, workload: Any, owner: type) -> T:
        value = workload.__dict__[self._name] = self._work_out(workload)
        return value


def once(make: Callable[[W, *Rest], T]) -> Callable[[W, *Rest], T]:
    """Worked out once for each workload (and the facts that come with it), since several options ask for the same."""

    @wraps(make)
    def kept(workload: W, /, *facts: *Rest) -> T:
        memory: dict[object, Any] | None = workload.__dict__.get(KEPT)
        if memory is None:
            memory = workload.__dict__[KEPT] = {}
        found = memory.get(make)
        if found is None or found[0] != facts:
            found = memory[make] = facts, make(workload, *facts)
        value: T = found[1]  # no cast, whose call takes as long as all else here
        return value

    return kept
