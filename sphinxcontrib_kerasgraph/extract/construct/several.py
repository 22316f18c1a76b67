"""Which models are drawn side by side: those in a list or dict, or that a model holds."""

from __future__ import annotations

from collections import Counter
from inspect import ismodule
from typing import Any

import keras

from sphinxcontrib_kerasgraph.extract.read.attributes import held_by
from sphinxcontrib_kerasgraph.extract.read.ids import unique


class Several(keras.Layer):
    """What holds models that are drawn side by side, where no model of the author's does."""

    def __init__(self, parts: dict[str, keras.Layer], cls: type, name: str = "models") -> None:
        """``cls`` is what the author has them in: a list, a dict."""
        super().__init__(name=name)
        self.parts = list(parts.values())
        self.names = tuple(parts)
        self.cls = cls


def named_parts(subject: Any) -> dict[str, keras.Layer] | None:
    """The models that are drawn side by side, by their names; ``None`` for what is called itself.

    Those in a tuple or list have their own names, or their places where these aren't unique; those
    in a dict have its keys. A model without a ``call`` is for training others: these have the names
    of its attributes, and layers are none of them if there are models. So have those of any other
    object.
    """
    if isinstance(subject, Several):
        return dict(zip(subject.names, subject.parts, strict=True))
    if isinstance(subject, keras.Model) and not has_call(subject):
        held = held_by(subject)
        models = {name: one for name, one in held.items() if isinstance(one, keras.Model)}
        return models or held or None
    if not isinstance(subject, dict | list | tuple):
        return _models_of(subject)
    flat = _flat(subject) if subject else {}
    return (flat or None) if all(isinstance(one, keras.Layer) for one in flat.values()) else None


def _models_of(subject: Any) -> dict[str, Any] | None:
    """The models in the attributes of an object of the author's own, if it is one that has some."""
    if isinstance(subject, keras.Operation | type) or callable(subject) or ismodule(subject):
        return None
    held = {
        name: value
        for name, value in getattr(subject, "__dict__", {}).items()
        if isinstance(value, keras.Model)
    }
    return held or None


def has_call(layer: keras.Layer) -> bool:
    """Whether the layer's class, or what it derives from, says what a call of it does."""
    call: Any = type(layer).call
    return call not in {keras.Layer.call, keras.Model.call} or isinstance(layer, keras.Sequential)


def _flat(subject: Any) -> dict[str, Any]:
    match subject:
        case dict():
            named = {str(key): value for key, value in subject.items()}
        case tuple() if hasattr(subject, "_fields"):
            named = dict(zip(subject._fields, subject, strict=True))
        case _:
            own = [getattr(one, "name", "") for one in subject]
            are_unique = set(Counter(own).values()) == {1} and "" not in own
            names = own if are_unique else [str(place) for place in range(len(own))]
            named = dict(zip(names, subject, strict=True))
    flat: list[tuple[str, Any]] = []
    for name, value in named.items():
        if isinstance(value, dict | list | tuple):
            flat += [(f"{name}_{inner}", one) for inner, one in _flat(value).items()]
        else:
            flat.append((name, value))
    # A path has slashes between names.
    names = unique(name.replace("/", "_") or "model" for name, _ in flat)
    return dict(zip(names, (value for _, value in flat), strict=True))
