"""The kits that were made last, by what they depend on. Must not know how they are made."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from advisor.kit.starters import Kit


class KeptKits:
    """Holds so many kits at most; the one that nobody asked for longest goes first. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kits: OrderedDict[Hashable, Kit] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable, make: Callable[[], Kit]) -> Kit:
        """The kit for this key, made if it is not there; two threads may make the same one, which does no harm."""
        with self._lock:
            if key in self._kits:
                self._kits.move_to_end(key)
                return self._kits[key]
        kit = make()
        with self._lock:
            self._kits[key] = kit
            if len(self._kits) > self._most:
                self._kits.popitem(last=False)
        return kit

    def __len__(self) -> int:
        return len(self._kits)
