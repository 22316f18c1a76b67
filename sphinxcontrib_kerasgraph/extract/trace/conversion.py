"""Whether the author's functions are run as other code that does the same."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Runs a function, the first argument, as other code that does the same.
Converter = Callable[..., Any]


class Conversion:
    """What runs the author's functions while code is traced; by itself, Python."""

    def __init__(self) -> None:
        self._converter: Converter | None = None

    @property
    def is_on(self) -> bool:
        """Whether something else than Python runs them."""
        return self._converter is not None

    @contextlib.contextmanager
    def by(self, converter: Converter | None) -> Iterator[None]:
        """Have them run by the converter meanwhile; by Python for ``None``."""
        before, self._converter = self._converter, converter
        try:
            yield
        finally:
            self._converter = before

    def of(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """What is run for the function."""
        if self._converter is None:
            return function
        return functools.partial(self._converter, function)
