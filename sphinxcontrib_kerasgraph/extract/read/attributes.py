"""By which attributes layers hold others: ``head``, ``blocks[0]``, ``encoder.norm``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.foreign import is_layer, original_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import keras


def held_by(owner: keras.Layer) -> dict[str, keras.Layer]:
    """The layers that a layer holds itself, by where: ``head``, ``blocks[0]``, ``heads['a']``.

    In the order in which it came to them. What it holds in no attribute, list or dict of its own,
    such as the layers of a Sequential model, is left out. A name that begins with an underscore is
    told where there is no other.
    """
    layers = {id(layer): layer for layer in history.sublayers(owner)}
    names: dict[int, str] = {}
    for attribute, value in history.own_attributes(owner).items():
        for name, one in _layers_in(value, attribute):
            known = names.get(id(one))
            if id(one) in layers and (known is None or known.startswith("_")):
                names[id(one)] = name
    return {names[key]: layer for key, layer in layers.items() if key in names}


def _layers_in(value: Any, name: str) -> Iterator[tuple[str, keras.Layer]]:
    match value:
        case dict():
            for key, item in value.items():
                yield from _layers_in(item, f"{name}[{key!r}]")
        case list() | tuple():
            for place, item in enumerate(value):
                yield from _layers_in(item, f"{name}[{place}]")
        case _:
            yield name, value


class Attributes:
    """The attributes of the layers of one model, each looked for once."""

    def __init__(self) -> None:
        self._known: dict[int, dict[int, str]] = {}

    def of(self, layer: keras.Layer, owner: keras.Operation) -> str | None:
        """Where ``owner``, or what it holds, holds the layer; ``None`` if it doesn't, but by lists.

        The shortest way is told.
        """
        if not is_layer(owner):
            return None
        owner, layer = original_of(owner), original_of(layer)
        if id(owner) not in self._known:
            self._known[id(owner)] = _all_held(owner)
        return self._known[id(owner)].get(id(layer))


def _all_held(owner: keras.Layer) -> dict[int, str]:
    found: dict[int, str] = {}
    ahead: list[tuple[str, keras.Layer]] = [("", owner)]
    for prefix, layer in ahead:  # grows
        for name, one in held_by(layer).items():
            if id(one) not in found and one is not owner:
                found[id(one)] = prefix + name
                ahead.append((f"{prefix}{name}.", one))
    return found
