"""What is shown now, for many who wait until there is something else."""

from __future__ import annotations

import threading
from collections import OrderedDict

from sphinxcontrib_kerasgraph.serve.shown import Shown

#: So many drawings are kept: a page asks for what is told of its own when it needs it.
_KEPT = 8


class Board:
    """Written by one thread, read by others."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._shown = Shown()
        self._scripts: OrderedDict[str, str] = OrderedDict()
        #: Whether nothing will be shown any more.
        self.is_closed = False

    @property
    def shown(self) -> Shown:
        """What is shown now."""
        return self._shown

    def show(self, shown: Shown) -> None:
        """Show this instead."""
        with self._changed:
            self._shown = shown
            if shown.drawn is not None:
                self._scripts[shown.drawn.name] = shown.drawn.script
                self._scripts.move_to_end(shown.drawn.name)
                while len(self._scripts) > _KEPT:
                    self._scripts.popitem(last=False)
            self._changed.notify_all()

    def script(self, name: str) -> str | None:
        """What is told of one of the last drawings."""
        with self._changed:
            return self._scripts.get(name)

    def other_than(self, shown: Shown | None, seconds: float) -> Shown | None:
        """What is shown in place of this, which is waited for; ``None`` if nothing is in time."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_closed or self._shown is not shown, seconds)
            return None if self._shown is shown else self._shown

    def close(self) -> None:
        """Have nobody wait any more."""
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()
