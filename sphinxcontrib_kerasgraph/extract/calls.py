"""A Keras model's calls and the tensors between them, as a CallGraph."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract import history
from sphinxcontrib_kerasgraph.extract.arguments import argument_names, constants
from sphinxcontrib_kerasgraph.extract.kinds import kind_of
from sphinxcontrib_kerasgraph.extract.plain import plain_config, plain_text
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Edge, Parameters, Port, Tensor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinxcontrib_kerasgraph.extract.history import RecordedCall, TensorKey


class CallReader:
    """Reads the calls of one model, and of the models inside it.

    It remembers each layer's facts, which are the same for all its calls, and the path of its
    first call, by which calls that share weights are known.
    """

    def __init__(self) -> None:
        self._first_paths: dict[int, str] = {}
        self._layer_facts: dict[int, dict[str, Any]] = {}

    def read(
        self,
        inputs: Sequence[keras.KerasTensor],
        outputs: Sequence[keras.KerasTensor],
        path: str = "",
    ) -> CallGraph:
        """The calls from ``inputs`` to ``outputs``; ``path`` is that of the enclosing block."""
        entries = [call for tensor in inputs if (call := history.producer(tensor))]
        recorded = [*entries, *history.calls_between(inputs, outputs)]
        ids = _ids(recorded)
        ports: dict[TensorKey, Port] = {}
        edges: list[Edge] = []
        calls: list[Call] = []
        for call, id_ in zip(recorded, ids, strict=True):
            calls.append(self._call(call, id_, f"{path}{id_}"))
            for index, tensor in enumerate(call.outputs):
                ports[history.key_of(tensor)] = Port(id_, index)
            for index, (tensor, name) in enumerate(_sources(call)):
                edges.append(Edge(ports[history.key_of(tensor)], Port(id_, index), name))
        return CallGraph(
            tuple(calls),
            tuple(edges),
            tuple(ids[: len(inputs)]),
            tuple(ports[history.key_of(tensor)] for tensor in outputs),
        )

    def _call(self, call: RecordedCall, id_: str, path: str) -> Call:
        operation = call.operation
        layer = self._first_paths.setdefault(id(operation), path)
        if id(operation) not in self._layer_facts:
            self._layer_facts[id(operation)] = layer_facts(operation)
        body = None
        if is_transparent(operation):
            body = self.read(operation.inputs, operation.outputs, f"{path}/")
        return Call(
            id=id_,
            name=operation.name,
            kind=kind_of(operation, len(call.inputs)),
            inputs=tuple(_tensor(tensor) for tensor, _ in _sources(call)),
            outputs=tuple(map(_tensor, call.outputs)),
            layer=layer,
            constants=constants(call),
            body=body,
            **self._layer_facts[id(operation)],
        )


def is_transparent(operation: keras.Operation) -> bool:
    """Whether Keras has recorded the calls inside: a Functional or built Sequential model."""
    if not isinstance(operation, keras.Function | keras.Sequential):
        return False
    # A Sequential that isn't built, or whose input is no single tensor, has no `inputs`.
    return hasattr(operation, "inputs")


def _ids(recorded: Sequence[RecordedCall]) -> list[str]:
    ordinals = defaultdict(list)
    for call in recorded:
        ordinals[id(call.operation)].append(call.ordinal)
    taken: set[str] = set()
    ids = []
    for call in recorded:
        time = sorted(ordinals[id(call.operation)]).index(call.ordinal) + 1
        id_ = base = call.operation.name if time == 1 else f"{call.operation.name}#{time}"
        # Keras has unique names in a Functional model; a name that ends in "#2" may still clash.
        number = 1
        while id_ in taken:
            number += 1
            id_ = f"{base}~{number}"
        taken.add(id_)
        ids.append(id_)
    return ids


def _sources(call: RecordedCall) -> list[tuple[keras.KerasTensor, str | None]]:
    """The tensors that the call takes, with their argument names.

    Those of a nested model come in the order of its inputs, which it finds by name in a dict.
    """
    sources = list(zip(call.inputs, argument_names(call), strict=True))
    operation = call.operation
    given = call.args[0] if call.args else None
    if (
        isinstance(given, dict)
        and is_transparent(operation)
        and not isinstance(getattr(operation, "input", None), dict)
    ):
        names = [tensor.name for tensor in operation.inputs]
        if set(names) <= set(given):
            return [
                (given[name], f"inputs[{name!r}]" if len(names) > 1 else None) for name in names
            ]
    return sources


def _tensor(tensor: keras.KerasTensor) -> Tensor:
    return Tensor(tuple(tensor.shape), str(tensor.dtype))


def layer_facts(operation: keras.Operation) -> dict[str, Any]:
    """What is true of all calls of a layer or operation, as fields of `Call`."""
    cls = type(operation)
    facts: dict[str, Any] = {"module": public_module(cls), "qualname": cls.__qualname__}
    if not isinstance(operation, keras.Layer):
        return facts
    parameters = count_parameters(operation)
    activation = getattr(operation, "activation", None)
    if not isinstance(operation, keras.Model):
        facts["config"] = _config(operation)
    return facts | {
        "parameters": parameters,
        "trainable": bool(operation.trainable) if operation.weights else None,
        "activation": None if activation is None else plain_text(activation).strip("'"),
    }


def _config(layer: keras.layers.Layer) -> dict[str, Any]:
    try:
        return plain_config(layer.get_config())
    except Exception:
        return {}


def count_parameters(layer: keras.layers.Layer) -> Parameters:
    """The numbers of weights of a layer or model; a weight that is used twice counts once."""
    return Parameters(
        total=_size(layer.weights),
        trainable=_size(layer.trainable_weights),
        own=_size(history.own_weights(layer)),
    )


def _size(weights: Iterable[Any]) -> int:
    unique = {id(weight): math.prod(weight.shape) for weight in weights}
    return sum(unique.values())


def public_module(cls: type) -> str:
    """Where users import the class from: ``keras.layers`` rather than ``keras.src.layers``."""
    for place in (keras.layers, keras):
        if getattr(place, cls.__name__, None) is cls:
            return str(place.__name__).replace("keras.api", "keras")
    return cls.__module__
