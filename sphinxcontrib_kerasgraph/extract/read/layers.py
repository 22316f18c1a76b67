"""What is true of all calls of a layer or operation: class, configuration, activation."""

from __future__ import annotations

import contextlib
import inspect
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read.defaults import chosen
from sphinxcontrib_kerasgraph.extract.read.foreign import ForeignLayer
from sphinxcontrib_kerasgraph.extract.read.plain import plain_config, plain_text
from sphinxcontrib_kerasgraph.extract.read.pseudo import PseudoOperation
from sphinxcontrib_kerasgraph.graph.naming import snake_case

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.graph import Call


class LayerBook:
    """The layers and operations of a model, by short tokens, while its graph is made.

    Which call of a layer is its first one is known at the end only; `weights.finished` tells.
    """

    def __init__(self) -> None:
        self._tokens: dict[int, str] = {}
        self._operations: dict[str, keras.Operation] = {}
        self._facts: dict[str, dict[str, Any]] = {}
        self._bases: dict[int, dict[type, keras.Layer]] = {}

    def as_base(self, layer: keras.Layer, cls: type[keras.Layer]) -> keras.Layer:
        """The layer as one of a class that it derives from: what ``super().call`` calls.

        Its name is the class's; its weights are the layer's, which then has none of its own.
        """
        bases = self._bases.setdefault(id(layer), {})
        if cls not in bases:
            base = bases[cls] = object.__new__(cls)
            # Keras's own way to set attributes would track them again.
            vars(base).update(vars(layer) | {"name": snake_case(cls.__name__)})
        return bases[cls]

    def facts(self, operation: keras.Operation) -> dict[str, Any]:
        """Fields of `Call`; ``layer`` is a token, to be replaced by `weights.finished`."""
        token = self._tokens.setdefault(id(operation), f"#{len(self._tokens)}")
        if token not in self._facts:
            self._operations[token] = operation
            self._facts[token] = {"layer": token, **_static_facts(operation)}
        return self._facts[token]

    def operation(self, call: Call) -> keras.Operation:
        """What is called by a call of a graph that isn't finished."""
        return self._operations[call.layer]

    def is_base(self, operation: keras.Operation) -> bool:
        """Whether it is what `as_base` has made."""
        return any(operation is base for bases in self._bases.values() for base in bases.values())


def _static_facts(operation: keras.Operation) -> dict[str, Any]:
    if isinstance(operation, PseudoOperation):
        texts = {"constants": tuple(operation.texts.items())} if operation.texts else {}
        return {
            "module": operation.module,
            "qualname": operation.qualname,
            "is_operation": True,
            **texts,
        }
    if isinstance(operation, ForeignLayer):
        return operation.facts()
    cls = type(operation)
    facts: dict[str, Any] = {"module": public_module(cls), "qualname": cls.__qualname__}
    if not isinstance(operation, keras.Model):
        facts["config"] = config_of(operation)
        facts["chosen"] = chosen(cls, facts["config"])
    if not isinstance(operation, keras.Layer):
        return facts | {"is_operation": True}
    return facts | {"activation": activation_of(operation)}


def activation_of(layer: keras.layers.Layer) -> str | None:
    """The name of the layer's activation; of an author's layer it may be anything, or raise."""
    with contextlib.suppress(Exception):
        activation = layer.activation
        if isinstance(activation, str):
            return activation
        if callable(activation) and not inspect.ismethod(activation):
            return plain_text(activation)
    return None


def config_of(operation: keras.Operation) -> dict[str, Any]:
    """The layer's ``get_config()``; of an author's layer it may raise, and is empty then."""
    try:
        return plain_config(operation.get_config())
    except Exception:
        return {}


def public_module(cls: type, places: Iterable[Any] = (keras.layers, keras)) -> str:
    """Where users import the class from: ``keras.layers`` rather than ``keras.src.layers``."""
    for place in places:
        if getattr(place, cls.__name__, None) is cls:
            return str(place.__name__).replace("keras.api", "keras")
    return cls.__module__
