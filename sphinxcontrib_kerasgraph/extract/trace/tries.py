"""What is tried to see what is inside a call: ways of tracing, with sizes or without."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, TypeAlias

from sphinxcontrib_kerasgraph.extract.errors import note_unknown_sizes
from sphinxcontrib_kerasgraph.extract.trace.unknown_sizes import SIZES, DifferentCallsError, Sizes

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    import keras

    from sphinxcontrib_kerasgraph.extract.read.recorded import Block
    from sphinxcontrib_kerasgraph.extract.trace.protocol import Way

#: A pair of sizes to trace with; the sizes that there are.
Pair: TypeAlias = "tuple[Sizes | None, ...]"
_AS_IT_IS: Pair = (None,)


class Tries:
    """Which way has worked for which operation, and what has failed."""

    def __init__(self) -> None:
        #: Which way an operation's inside was traced, and why it couldn't be, so that a layer in
        #: layers that are tried in several ways is itself tried once.
        self._ways: dict[int, tuple[Way, Pair]] = {}
        self._failures: dict[Hashable, tuple[Exception, Exception]] = {}
        #: Of what has failed last: why the first try has.
        self.first_failure: Exception | None = None
        #: Whether a block around has sizes that aren't known, and is still to be traced with some:
        #: what fails inside may work then.
        self._sizes_may_help = False
        #: How often something has failed that is to be tried again, with what is around it.
        self._deferred = 0
        self._alive: list[Any] = []  # so that no two operations have one id

    def first(
        self,
        ways: Sequence[Way],
        operation: keras.Operation,
        arguments: Hashable,
        run: Callable[[Pair, Way], tuple[Block, Any]],
        *,
        with_sizes: bool,
    ) -> tuple[Block, Any]:
        """What the first way gives that works, tried without sizes and, if it may, with some.

        ``arguments`` tells apart what may fail from what may not. Raises why the last try has
        failed.
        """
        key = (id(operation), self._sizes_may_help, arguments)
        if key in self._failures:
            self.first_failure, last = self._failures[key]
            raise last
        self._alive.append(operation)
        pairs = SIZES if with_sizes else ()
        tries = [(way, pair) for way in ways for pair in (_AS_IT_IS, *pairs)]
        known = self._ways.get(id(operation))
        errors: list[Exception] = []
        different: list[Exception] = []
        deferred = self._deferred
        for way, pair in sorted(tries, key=lambda one: one != known):
            if errors and (way.is_hopeless(errors[-1]) or not any(map(way.answers, errors))):
                continue
            if different and pair != _AS_IT_IS:  # it would for others, too
                continue
            try:
                with self._deferring(bool(pairs) and pair == _AS_IT_IS):
                    made = run(pair, way)
            except RecursionError:
                raise
            except Exception as error:
                errors.append(error)
                if isinstance(error, DifferentCallsError):
                    different.append(error)
            else:
                self._ways[id(operation)] = (way, pair)
                return made
        # Sizes were no help for what has failed inside: it is opaque, and the rest is traced.
        if deferred != self._deferred and not self._sizes_may_help:
            for way in (way for way in ways if any(map(way.answers, errors))):
                with contextlib.suppress(Exception), self._deferring(False):
                    return run(_AS_IT_IS, way)
        self.first_failure, last = self._failures[key] = errors[0], (different or errors)[-1]
        note_unknown_sizes(last, errors)
        raise last

    @contextlib.contextmanager
    def _deferring(self, sizes_may_help: bool) -> Iterator[None]:
        """Whether what fails inside meanwhile is to be tried again with sizes."""
        before, self._sizes_may_help = self._sizes_may_help, sizes_may_help
        try:
            yield
        finally:
            self._sizes_may_help = before

    def defers(self, error: Exception) -> bool:
        """Whether what failed is to be tried again, with all that is around it and with sizes."""
        if isinstance(error, RecursionError):
            return True
        # What is different for each size is so with those around it, too.
        if not self._sizes_may_help or isinstance(error, DifferentCallsError):
            return False
        self._deferred += 1
        return True
