"""The names that Keras counts up, for a model that is built once more.

In a fresh interpreter the modules that a model's code imports name their layers first, in the order
in which they are imported, and the function that is called goes on counting. When it is called
once more, names are those after the import; but a module that the function itself has imported is
there already, under names that count no more. So it is noted what the code of each module has
named, and what it has imported in between; where code imports a module that is there already, this
happens again, and the layers of the module get the names that they have in a fresh interpreter.
"""

from __future__ import annotations

import contextlib
import functools
import threading
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.legacy import counts as legacy_counts
from sphinxcontrib_kerasgraph.extract.read import history

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class _Named:
    """A layer or operation that Keras has named."""

    operation: weakref.ref[keras.Operation]
    prefix: str
    #: How many names of the prefix the same stretch of code had taken before.
    before: int


@dataclass(frozen=True)
class _Stretch:
    """What the code of a module has named, between two imports."""

    #: Whether names began anew there, as by `keras.utils.clear_session`.
    anew: bool
    counts: dict[Any, int]
    named: tuple[_Named, ...]


@dataclass(eq=False)
class _Module:
    """What the import of a module has done, in order."""

    steps: list[_Stretch | _Module] = field(default_factory=list)


@dataclass
class _Open:
    """The stretch that is under way."""

    #: Keras's own record, which is another one when names begin anew.
    live: dict[Any, int]
    start: dict[Any, int]
    anew: bool = False
    named: list[_Named] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """How far the names of a model have been counted."""

    counts: dict[Any, int]
    counted: frozenset[int]


class ImportedNames:
    """What the modules that this process has imported have named, in either Keras.

    Layers of Keras 2 keep the names that they got: its models know them by these.
    """

    def __init__(self) -> None:
        legacy = (legacy_counts.name_counts, legacy_counts.input_counts)
        self._each = (
            _Names(history.name_counts),
            *(_Names(counts, renamed=False) for counts in legacy),
        )

    def place(self) -> tuple[Place, ...]:
        """How far names have been counted."""
        return tuple(names.place() for names in self._each)

    def go_back(self, place: tuple[Place, ...]) -> None:
        """Go on from an earlier place; Keras has forgotten all names."""
        for names, before in zip(self._each, place, strict=True):
            names.go_back(before)

    @contextlib.contextmanager
    def importing(self, name: str) -> Iterator[None]:
        """Note what the code of a module names, which runs meanwhile."""
        with contextlib.ExitStack() as stack:
            for names in self._each:
                stack.enter_context(names.importing(name))
            yield

    def imported(self, name: str) -> None:
        """Note that code imports a module, which may be there already."""
        for names in self._each:
            names.imported(name)


class _Names:
    """What the modules have named in one Keras."""

    def __init__(self, name_counts: Callable[[], dict[Any, int]], *, renamed: bool = True) -> None:
        """``name_counts`` is Keras's record; ``renamed`` whether its layers can be renamed."""
        self._counts = name_counts
        self._renamed = renamed
        self._modules: dict[str, _Module] = {}
        #: Those whose names count for this model so far, by identity.
        self._counted: set[int] = set()
        self._importing: list[_Module] = []
        self._open: _Open | None = None
        self._all: list[_Module] = []  # so that no two have one id
        self._thread = threading.get_ident()

    def place(self) -> Place:
        """How far names have been counted."""
        return Place(dict(self._counts()), frozenset(self._counted))

    def go_back(self, place: Place) -> None:
        """Go on from an earlier place; Keras has forgotten all names."""
        self._counts().update(place.counts)
        self._counted = set(place.counted)

    @contextlib.contextmanager
    def importing(self, name: str) -> Iterator[None]:
        """Note what the code of a module names, which runs meanwhile."""
        if threading.get_ident() != self._thread:  # Keras counts in each thread by itself
            yield
            return
        module = _Module()
        self._all.append(module)
        self._modules[name] = module
        self._counted.add(id(module))
        with self._interrupted(module), contextlib.ExitStack() as stack:
            if self._renamed and not self._importing:
                stack.enter_context(self._hearing())
            self._importing.append(module)
            self._begin()
            try:
                yield
            finally:
                self._end()
                self._importing.pop()

    def imported(self, name: str) -> None:
        """Note that code imports a module, which may be there already."""
        module = self._modules.get(name)
        if module is None or threading.get_ident() != self._thread:
            return
        around = self._importing[-1] if self._importing else None
        if id(module) in self._counted and (around is None or module in around.steps):
            return
        with self._interrupted(module):
            self._count(module)

    @contextlib.contextmanager
    def _interrupted(self, step: _Module) -> Iterator[None]:
        """Have the import of a module be a step of the one that is under way, if any is."""
        if not self._importing:
            yield
            return
        self._end()
        self._importing[-1].steps.append(step)
        try:
            yield
        finally:
            self._begin()

    def _begin(self) -> None:
        live = self._counts()
        self._open = _Open(live, dict(live))

    def _end(self) -> None:
        self._look_whether_anew()
        self._close()
        self._open = None

    def _look_whether_anew(self) -> None:
        """End the stretch where names have begun anew, and begin another."""
        live = self._counts()
        if self._open is not None and live is not self._open.live:
            self._close()
            # The first names of Keras 2 are there once it is imported.
            self._open = _Open(live, {}, anew=self._open.live is not legacy_counts.NO_NAMES)

    def _close(self) -> None:
        """Add the stretch that is under way to the steps of its module."""
        done = self._open
        assert done is not None  # noqa: S101 - `_begin` has made it
        counts = {
            prefix: count - done.start.get(prefix, 0)
            for prefix, count in done.live.items()
            if count != done.start.get(prefix, 0)
        }
        if counts or done.anew:
            stretch = _Stretch(done.anew, counts, tuple(done.named))
            self._importing[-1].steps.append(stretch)

    @contextlib.contextmanager
    def _hearing(self) -> Iterator[None]:
        """Note the layers and operations that Keras names meanwhile."""
        operation_class: Any = keras.Operation
        original: Callable[..., None] = operation_class.__init__

        @functools.wraps(original)
        def heard(operation: keras.Operation, *args: Any, **kwargs: Any) -> None:
            if self._open is None or threading.get_ident() != self._thread:
                original(operation, *args, **kwargs)
                return
            self._look_whether_anew()
            before = dict(self._open.live)
            original(operation, *args, **kwargs)
            self._note(operation, before)

        operation_class.__init__ = heard
        try:
            yield
        finally:
            operation_class.__init__ = original

    def _note(self, operation: keras.Operation, before: dict[Any, int]) -> None:
        made = self._open
        assert made is not None  # noqa: S101 - the caller has looked
        for prefix, count in made.live.items():
            earlier = before.get(prefix, 0)
            if count != earlier and operation.name == _name(prefix, earlier):
                here = earlier - made.start.get(prefix, 0)
                made.named.append(_Named(weakref.ref(operation), prefix, here))

    def _count(self, module: _Module) -> None:
        """Do again what the import of the module has done, if this model hasn't yet."""
        if id(module) in self._counted:
            return
        self._counted.add(id(module))
        for step in module.steps:
            if isinstance(step, _Module):
                self._count(step)
            else:
                _name_again(step, self._counts())


def _name_again(stretch: _Stretch, counts: dict[Any, int]) -> None:
    if stretch.anew:
        counts.clear()
    for named in stretch.named:
        operation = named.operation()
        if operation is not None:
            operation.name = _name(named.prefix, counts.get(named.prefix, 0) + named.before)
    for prefix, count in stretch.counts.items():
        counts[prefix] = counts.get(prefix, 0) + count


def _name(prefix: str, count: int) -> str:
    """The name that Keras gives to what comes after ``count`` others."""
    return f"{prefix}_{count}" if count else prefix
