"""What code does with its arguments, found out before their shapes are known.

The code is run with `Probe` for tensors: it notes which of them are taken for dicts or lists, and
which layers each goes to. Nothing is built. Where the code wants more of a tensor than that, the
run ends with what is known by then.
"""

from __future__ import annotations

import contextlib
import dis
import functools
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.trace.patches import replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

#: The name of an argument, and keys of dicts and places of lists in it.
Path = tuple[str | int, ...]


@dataclass
class Uses:
    """What was found out."""

    #: For each argument, or item of one, that is a dict: its keys.
    keys: dict[Path, list[str]] = field(default_factory=dict)
    #: For each that is a list: how many items are taken of it.
    items: dict[Path, int] = field(default_factory=dict)
    #: The layer to which each other goes first.
    layers: dict[Path, keras.Layer] = field(default_factory=dict)


class Probe(keras.KerasTensor):
    """Stands for a tensor, or for a dict or list of such."""

    def __init__(self, uses: Uses, path: Path | None = None) -> None:
        """``path`` is ``None`` for what was made of arguments."""
        super().__init__((None, None, None))
        self._uses = uses
        self._path = path

    def __getitem__(self, key: Any) -> Probe:
        if self._path is not None and type(key) is int and key >= 0:
            return self._item(key)
        if self._path is None or not isinstance(key, str):
            return Probe(self._uses)
        keys = self._uses.keys.setdefault(self._path, [])
        if key not in keys:
            keys.append(key)
        return Probe(self._uses, (*self._path, key))

    def __iter__(self) -> Iterator[Probe]:
        number = _unpacked(sys._getframe(1))  # noqa: SLF001 - only the code tells how many
        if number is None:
            raise TypeError("how many there are isn't known")
        if self._path is None:
            return iter([Probe(self._uses) for _ in range(number)])
        return iter([self._item(place) for place in range(number)])

    def _item(self, place: int) -> Probe:
        """An item of a list: one of ``x[0]`` and ``x[1]``, or of ``a, b = x``."""
        path = self._path or ()
        self._uses.items[path] = max(place + 1, self._uses.items.get(path, 0))
        return Probe(self._uses, (*path, place))

    def get(self, _key: str, _default: Any = None) -> Any:
        """An item of a dict that may be without it, which isn't noted."""
        return Probe(self._uses)

    def pop(self, key: str, *default: Any) -> Any:
        """The item of a dict, taken out."""
        return self.get(key) if default else self[key]

    def __contains__(self, key: Any) -> bool:
        return isinstance(key, str) and key in self._uses.keys.get(self._path or (), ())

    def note(self, layer: keras.Layer) -> None:
        """Note that it is given to the layer."""
        if self._path is not None:
            self._uses.layers.setdefault(self._path, layer)


def uses_of(function: Callable[..., Any], tensors: list[str], literals: Mapping[str, Any]) -> Uses:
    """What the function does with the arguments that are tensors, as far as it gets."""
    uses = Uses()
    given = {name: Probe(uses, (name,)) for name in tensors}
    hooks: list[tuple[Any, str, Callable[..., Any]]] = [
        (keras.Layer, "__call__", functools.partial(_wrapped, uses, _layer_call)),
        (keras.Operation, "symbolic_call", functools.partial(_wrapped, uses, _made)),
    ]
    # Whatever the author's code raises: it wasn't made for this.
    with replaced(hooks), contextlib.suppress(Exception):
        function(**given, **literals)
    return uses


def _unpacked(frame: FrameType) -> int | None:
    """How many items the code takes of what it unpacks now; ``None`` if it does other things."""
    for step in dis.get_instructions(frame.f_code):
        if step.offset == frame.f_lasti:
            return step.arg if step.opname == "UNPACK_SEQUENCE" else None
    return None


def _wrapped(uses: Uses, call: Callable[..., Any], original: Callable[..., Any]) -> Any:
    @functools.wraps(original)
    def wrapper(operation: Any, *args: Any, **kwargs: Any) -> Any:
        probes = [one for one in keras.tree.flatten((args, kwargs)) if isinstance(one, Probe)]
        if not probes:
            return original(operation, *args, **kwargs)
        return call(uses, operation, probes, args, kwargs)

    return wrapper


def _made(uses: Uses, *_: Any) -> Probe:
    return Probe(uses)


def _layer_call(uses: Uses, layer: keras.Layer, probes: list[Probe], args: Any, kwargs: Any) -> Any:
    is_own = not type(layer).call.__module__.startswith("keras.")
    if is_own:
        with contextlib.suppress(Exception):
            return layer.call(*args, **kwargs)
        return Probe(uses)
    for probe in probes:
        probe.note(layer)
    return Probe(uses)
