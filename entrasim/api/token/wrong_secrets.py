"""Whoever guesses secrets is told to wait."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

_BORNE = 10  # wrong secrets of one address within the time
_SECONDS = 60.0
_ADDRESSES = 1024  # remembered at most; whoever came first is forgotten first


class WrongSecrets:
    """How many wrong secrets each address has tried of late."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._tried: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait(self, address: str) -> float:
        """For how many seconds an address is not listened to; usually none."""
        began_at, times = self._tried.get(address, (0.0, 0))
        left = began_at + _SECONDS - self._now()
        return left if times >= _BORNE and left > 0 else 0.0

    def note(self, address: str) -> None:
        """Somebody tried one more."""
        now = self._now()
        began_at, times = self._tried.get(address, (now, 0))
        fresh = now - began_at >= _SECONDS
        self._tried[address] = (now, 1) if fresh else (began_at, times + 1)
        self._tried.move_to_end(address)
        if len(self._tried) > _ADDRESSES:
            self._tried.popitem(last=False)
