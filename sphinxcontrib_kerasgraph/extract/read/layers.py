"""What is true of all calls of a layer or operation: class, configuration, weights."""

from __future__ import annotations

import contextlib
import inspect
import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.plain import plain_config, plain_text
from sphinxcontrib_kerasgraph.extract.read.pseudo import PseudoOperation
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Parameters

if TYPE_CHECKING:
    from collections.abc import Iterable


class LayerBook:
    """The layers and operations of a model, by short tokens, while its graph is made.

    Which call of a layer is its first one, and how many weights it has, is known at the end only:
    a layer may be built by a later call.
    """

    def __init__(self) -> None:
        self._tokens: dict[int, str] = {}
        self._operations: dict[str, keras.Operation] = {}
        self._facts: dict[str, dict[str, Any]] = {}

    def facts(self, operation: keras.Operation) -> dict[str, Any]:
        """Fields of `Call`; ``layer`` is a token, to be replaced by `finished`."""
        token = self._tokens.setdefault(id(operation), f"#{len(self._tokens)}")
        if token not in self._facts:
            self._operations[token] = operation
            self._facts[token] = {"layer": token, **_static_facts(operation)}
        return self._facts[token]

    def finished(self, graph: CallGraph, model: keras.Model) -> CallGraph:
        """The graph with paths for tokens, and what is known of the weights."""
        counts: Counter[int] = Counter()
        paths: dict[str, str] = {}
        counted = {id(weight) for weight in history.own_weights(model)}
        parameters: dict[str, Parameters] = {}
        for path, call in graph.walk():
            operation = self._operations[call.layer]
            paths.setdefault(call.layer, path)
            if isinstance(operation, keras.Layer):
                own = _own_weights(operation, call)
                counts.update(own.keys())
                if call.layer not in parameters:
                    new = [weight for key, weight in own.items() if key not in counted]
                    counted.update(own)
                    parameters[call.layer] = count_parameters(operation, new)
        #: Weights that several calls have, by identity, and layers that are called several times.
        shared: set[int | str] = {key for key, times in counts.items() if times > 1}
        calls = Counter(call.layer for _, call in graph.walk())
        shared |= {layer for layer, times in calls.items() if times > 1}
        return self._finished(graph, paths, parameters, shared)

    def _finished(
        self,
        graph: CallGraph,
        paths: dict[str, str],
        parameters: dict[str, Parameters],
        shared: set[int | str],
    ) -> CallGraph:
        calls = []
        for call in graph.calls:
            operation = self._operations[call.layer]
            facts: dict[str, Any] = {"layer": paths[call.layer]}
            if isinstance(operation, keras.Layer):
                own = _own_weights(operation, call)
                all_ = parameters[call.layer]
                facts["parameters"] = all_
                facts["trainable"] = bool(operation.trainable) if operation.weights else None
                again = call.layer in shared and all_.total > 0
                facts["shared"] = again or not shared.isdisjoint(own)
            if call.body is not None:
                facts["body"] = self._finished(call.body, paths, parameters, shared)
            calls.append(replace(call, **facts))
        return replace(graph, calls=tuple(calls))


def _own_weights(layer: keras.Layer, call: Call) -> dict[int, Any]:
    """The weights that no call inside has, by their identity; of a leaf, all."""
    return _unique(layer.weights if call.body is None else history.own_weights(layer))


def _static_facts(operation: keras.Operation) -> dict[str, Any]:
    if isinstance(operation, PseudoOperation):
        texts = {"constants": tuple(operation.texts.items())} if operation.texts else {}
        return {
            "module": operation.module,
            "qualname": operation.qualname,
            "is_operation": True,
            **texts,
        }
    cls = type(operation)
    facts: dict[str, Any] = {"module": public_module(cls), "qualname": cls.__qualname__}
    if not isinstance(operation, keras.Model):
        facts["config"] = _config(operation)
    if not isinstance(operation, keras.Layer):
        return facts | {"is_operation": True}
    return facts | {"activation": _activation(operation)}


def _activation(layer: keras.layers.Layer) -> str | None:
    """The name of the layer's activation; of an author's layer it may be anything, or raise."""
    with contextlib.suppress(Exception):
        activation = layer.activation
        if isinstance(activation, str):
            return activation
        if callable(activation) and not inspect.ismethod(activation):
            return plain_text(activation)
    return None


def _config(operation: keras.Operation) -> dict[str, Any]:
    try:
        return plain_config(operation.get_config())
    except Exception:
        return {}


def count_parameters(layer: keras.layers.Layer, own: Iterable[Any] | None = None) -> Parameters:
    """The numbers of weights of a layer or model; a weight that is used twice counts once.

    ``own`` are its own weights, if some of them are counted elsewhere.
    """
    return Parameters(
        total=_size(layer.weights),
        trainable=_size(layer.trainable_weights),
        own=_size(history.own_weights(layer) if own is None else own),
    )


def _size(weights: Iterable[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in _unique(weights).values())


def _unique(weights: Iterable[Any]) -> dict[int, Any]:
    return {id(weight): weight for weight in weights}


def public_module(cls: type) -> str:
    """Where users import the class from: ``keras.layers`` rather than ``keras.src.layers``."""
    for place in (keras.layers, keras):
        if getattr(place, cls.__name__, None) is cls:
            return str(place.__name__).replace("keras.api", "keras")
    return cls.__module__
