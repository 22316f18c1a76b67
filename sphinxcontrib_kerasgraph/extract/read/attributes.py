"""By which attributes layers hold others: ``head``, ``blocks[0]``, ``encoder.norm``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.foreign import is_layer, original_of
from sphinxcontrib_kerasgraph.extract.read.plain import plain_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import keras

#: What holds no layer; of the words of a vocabulary, say, there may be a million.
_PLAIN = (str, bytes, int, float)
#: What layers may be in.
_CONTAINERS = (dict, list, tuple)


def held_by(owner: keras.Layer) -> dict[str, keras.Layer]:
    """The layers that a layer holds itself, by where: ``head``, ``blocks[0]``, ``heads['a']``.

    In the order in which it came to them. What it holds in no attribute, list or dict of its own,
    such as the layers of a Sequential model, is left out. A name that begins with an underscore is
    told where there is no other.
    """
    layers = {id(layer): layer for layer in history.sublayers(owner)}
    if not layers:  # as most haven't, whose attributes needn't be looked at
        return {}
    names: dict[int, str] = {}
    for attribute, value in history.own_attributes(owner).items():
        if id(value) not in layers and not isinstance(value, _CONTAINERS):
            continue
        for name, key in _found(value, attribute, layers.keys()):
            known = names.get(key)
            if known is None or known.startswith("_"):
                names[key] = name
    return {names[key]: layer for key, layer in layers.items() if key in names}


def _found(
    value: Any, name: str, wanted: Collection[int], around: frozenset[int] = frozenset()
) -> Iterator[tuple[str, int]]:
    """Where in a value what is wanted is, by identity.

    ``around`` are the lists and dicts that the value is in, one of which it may be.
    """
    if id(value) in wanted:
        yield name, id(value)
    if id(value) in around:
        return
    inside = around | {id(value)}
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(item, _PLAIN):
                yield from _found(item, f"{name}[{plain_text(key)}]", wanted, inside)
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            if not isinstance(item, _PLAIN):
                yield from _found(item, f"{name}[{place}]", wanted, inside)


class Attributes:
    """The attributes of the layers of one model, each looked for once."""

    def __init__(self) -> None:
        #: For each owner those of the layers that it holds, by identity; and of all inside.
        self._held: dict[int, dict[int, str]] = {}
        self._inside: dict[int, dict[int, str]] = {}

    def of(self, layer: keras.Layer, owner: keras.Operation) -> str | None:
        """Where ``owner``, or what it holds, holds the layer; ``None`` if it doesn't, but by lists.

        The shortest way is told.
        """
        if not is_layer(owner):
            return None
        owner, layer = original_of(owner), original_of(layer)
        key = id(layer)
        if key in (held := self._held_by(owner)):
            return held[key]
        if id(owner) not in self._inside:  # which code seldom calls itself
            self._inside[id(owner)] = self._all_inside(owner)
        return self._inside[id(owner)].get(key)

    def _held_by(self, owner: keras.Layer) -> dict[int, str]:
        if id(owner) not in self._held:
            self._held[id(owner)] = {id(one): name for name, one in held_by(owner).items()}
        return self._held[id(owner)]

    def _all_inside(self, owner: keras.Layer) -> dict[int, str]:
        found: dict[int, str] = {}
        ahead: list[tuple[str, keras.Layer]] = [("", owner)]
        for prefix, layer in ahead:  # grows
            for one in history.sublayers(layer):
                name = self._held_by(layer).get(id(one))
                if name is not None and id(one) not in found and one is not owner:
                    found[id(one)] = prefix + name
                    ahead.append((f"{prefix}{name}.", one))
        return found
