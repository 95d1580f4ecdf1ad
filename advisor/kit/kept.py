"""What was made last, by what it depends on: kits, recommendations. Must not know how anything is made."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar, runtime_checkable

Made = TypeVar("Made")


@runtime_checkable
class Sized(Protocol):
    """What says for how many of its kind it takes the room, since an asker's own words make it larger."""

    @property
    def room(self) -> int: ...


class Kept(Generic[Made]):
    """Holds so many at most; the one that nobody asked for longest goes first. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._taken = 0
        self._lock = Lock()

    def find(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What this key stands for, made if it is not there; two threads may make the same one, which does no harm."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            if key not in self._made:
                self._made[key] = made
                self._taken += _find_room(made)
            while self._taken > self._most:
                self._taken -= _find_room(self._made.popitem(last=False)[1])
        return made

    def __len__(self) -> int:
        return len(self._made)


def _find_room(made: object) -> int:
    return made.room if isinstance(made, Sized) else 1
