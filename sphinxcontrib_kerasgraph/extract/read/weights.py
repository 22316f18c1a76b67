"""Which calls have which weights: every weight of a model is counted once, whatever uses it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.attributes import Attributes
from sphinxcontrib_kerasgraph.extract.read.foreign import ForeignLayer, is_layer
from sphinxcontrib_kerasgraph.extract.read.pseudo import Weight
from sphinxcontrib_kerasgraph.extract.read.variables import path_of
from sphinxcontrib_kerasgraph.graph import CallKind, Parameters
from sphinxcontrib_kerasgraph.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    import keras

    from sphinxcontrib_kerasgraph.extract.read.layers import LayerBook
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph

#: Weights by their identity: `keras.Variable` compares values.
Weights = dict[int, Any]


def finished(graph: CallGraph, model: keras.Layer, book: LayerBook) -> tuple[CallGraph, Parameters]:
    """The graph with paths for tokens, and what is known of layers; and the weights of the model.

    At the end, for a layer may be built by a later call.
    """
    calls = _WeightsOfCalls(graph, model, book)
    counted = parameters(model.weights, model.trainable_weights, calls.left.values())
    return calls.finished(graph, model), counted


class _WeightsOfCalls:
    """Who has a weight: first layers that are called, then what is drawn as the weight itself.

    What no call takes, such as the weights of a layer that is never called, the innermost block
    has whose layer has it, or else the model: `left`.
    """

    def __init__(self, graph: CallGraph, model: keras.Layer, book: LayerBook) -> None:
        self._book = book
        self._attributes = Attributes()
        walked = [(path, call, book.operation(call)) for path, call in graph.walk()]
        #: By token: path of the first call, and the weights that count as its own.
        self._paths: dict[str, str] = {}
        self._own: dict[str, Weights] = {}
        #: The weights that have boxes of their own, or that a layer's code has by ``super().call``.
        self._drawn = _unique(one.variable for *_, one in walked if isinstance(one, Weight))
        for _, call, operation in walked:
            if call.body is None and book.is_base(operation):
                self._drawn |= _unique(operation.weights)
        for path, call, _ in walked:
            self._paths.setdefault(call.layer, path)
        held = [(call, self._held(call)) for _, call, _ in walked]
        # Keras walks through all that is inside each time that it is asked.
        self._held_by = {id(call): weights for call, weights in held}
        calls = Counter(call.layer for call, _ in held)
        uses = Counter(key for _, weights in held for key in weights)
        #: Weights that several calls have, by identity, and layers that are called several times.
        self._shared: set[int | str] = {key for key, times in uses.items() if times > 1}
        self._shared |= {layer for layer, times in calls.items() if times > 1}
        left = _unique(model.weights)
        for call, weights in sorted(held, key=lambda one: one[0].kind == CallKind.WEIGHT):
            if call.layer not in self._own:
                self._own[call.layer] = _taken(left, weights)
        if left:
            blocks = [one for one in walked if one[1].body and is_layer(one[2])]
            for _, call, layer in sorted(blocks, key=lambda one: -one[0].count("/")):
                self._own[call.layer] |= _taken(left, _unique(layer.weights))
        self.left = left

    def _held(self, call: Call) -> Weights:
        """The weights that a call has, and no call inside; those of a leaf are all."""
        operation = self._book.operation(call)
        if isinstance(operation, Weight):
            return _unique([operation.variable])
        if not is_layer(operation):
            return {}
        if call.body is None:
            return _unique(operation.weights)
        own = _unique(_own_weights(operation))
        return {key: weight for key, weight in own.items() if key not in self._drawn}

    def finished(self, graph: CallGraph, around: keras.Operation) -> CallGraph:
        """The graph with paths for tokens, and what is known of the weights.

        ``around`` is the layer that the graph is the inside of.
        """
        calls = []
        for call in graph.calls:
            operation = self._book.operation(call)
            facts: dict[str, Any] = {"layer": self._paths[call.layer]}
            if isinstance(operation, Weight):
                variable = operation.variable
                facts["name"] = _name(variable, around)
                facts["trainable"] = bool(variable.trainable)
                facts |= self._facts(call, [variable], [variable] * variable.trainable)
            if is_layer(operation):
                facts["attribute"] = self._attributes.of(operation, around)
                weights = operation.weights
                facts |= self._facts(call, weights, operation.trainable_weights)
                facts["trainable"] = bool(operation.trainable) if weights else None
            if call.body is not None:
                inside = operation if is_layer(operation) else around
                facts["body"] = self.finished(call.body, inside)
            calls.append(replace(call, **facts))
        return replace(graph, calls=tuple(calls))

    def _facts(self, call: Call, weights: list[Any], trainable: list[Any]) -> dict[str, Any]:
        all_ = parameters(weights, trainable, self._own[call.layer].values())
        again = call.layer in self._shared and all_.total > 0
        return {
            "parameters": all_,
            "shared": again or not self._shared.isdisjoint(self._held_by[id(call)]),
        }


def parameters(weights: Iterable[Any], trainable: Iterable[Any], own: Iterable[Any]) -> Parameters:
    """How many numbers are in the weights; a weight that is there twice counts once."""
    return Parameters(_size(weights), _size(trainable), _size(own))


def dtypes(weights: Iterable[Any]) -> dict[str, int]:
    """How many numbers in the weights are of which dtype, by the names of these."""
    found: Counter[str] = Counter()
    for weight in _unique(weights).values():
        # TensorFlow's own have a dtype that isn't its name.
        name = str(getattr(weight.dtype, "name", weight.dtype))
        found[name] += math.prod(weight.shape)
    return dict(sorted(found.items()))


def _name(weight: keras.Variable, around: keras.Operation) -> str:
    """The weight's own name; after that of its layer, if that is another than the one around."""
    *layers, name = path_of(weight).split("/")
    is_own = any(weight is one for one in _own_weights(around))
    return printable(name if is_own or not layers else f"{layers[-1]}/{name}")


def _own_weights(layer: Any) -> Iterable[Any]:
    """The weights that the layer made itself, not through a sublayer."""
    return layer.own_weights if isinstance(layer, ForeignLayer) else history.own_weights(layer)


def _taken(left: Weights, weights: Weights) -> Weights:
    """Those of the weights that were left, and aren't any more."""
    return {key: left.pop(key) for key in weights if key in left}


def _size(weights: Iterable[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in _unique(weights).values())


def _unique(weights: Iterable[Any]) -> Weights:
    return {id(weight): weight for weight in weights}
