"""A Keras model's calls and the tensors between them, as a CallGraph."""

from __future__ import annotations

import contextlib
import inspect
import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import keras

from sphinxcontrib_kerasgraph.extract import history
from sphinxcontrib_kerasgraph.extract.arguments import argument_names, constants
from sphinxcontrib_kerasgraph.extract.kinds import kind_of
from sphinxcontrib_kerasgraph.extract.plain import plain_config, plain_text
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Edge, Parameters, Port, Tensor
from sphinxcontrib_kerasgraph.printable import printable

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
            sources = _sources(call)
            calls.append(self._call(call, sources, id_, f"{path}{id_}"))
            for index, tensor in enumerate(call.outputs):
                ports[history.key_of(tensor)] = Port(id_, index)
            for index, source in enumerate(sources):
                port = ports[history.key_of(source.tensor)]
                edges.append(Edge(port, Port(id_, index), source.argument))
        return CallGraph(
            tuple(calls),
            tuple(edges),
            tuple(ids[: len(entries)]),
            tuple(ports[history.key_of(tensor)] for tensor in outputs),
        )

    def _call(self, call: RecordedCall, sources: list[_Source], id_: str, path: str) -> Call:
        operation = call.operation
        layer = self._first_paths.setdefault(id(operation), path)
        if id(operation) not in self._layer_facts:
            self._layer_facts[id(operation)] = layer_facts(operation)
        body = None
        if is_transparent(operation):
            body = self.read(operation.inputs, operation.outputs, f"{path}/")
            entries = [body.inputs[s.entry] for s in sources if s.entry is not None]
            body = replace(body, inputs=tuple(entries))
        return Call(
            id=id_,
            name=printable(operation.name),
            kind=kind_of(operation, len(call.inputs)),
            inputs=tuple(_tensor(source.tensor) for source in sources),
            outputs=tuple(map(_tensor, call.outputs)),
            layer=layer,
            constants=constants(call),
            body=body,
            **self._layer_facts[id(operation)],
        )


def is_transparent(operation: keras.Operation) -> bool:
    """Whether Keras has recorded the calls inside: a Functional or built Sequential model.

    A `keras.Function` from the middle of a model isn't: the calls that made its inputs are none
    of its own.
    """
    if not isinstance(operation, keras.Function | keras.Sequential):
        return False
    if not type(operation).call.__module__.startswith("keras."):
        return False  # a subclass that does something else when it is called
    try:
        entries = [history.producer(tensor) for tensor in operation.inputs]
    except (AttributeError, ValueError):
        # A Sequential that isn't built, or whose input is no single tensor, has no inputs.
        return False
    return all(
        entry is not None and isinstance(entry.operation, keras.layers.InputLayer)
        for entry in entries
    )


def _ids(recorded: Sequence[RecordedCall]) -> list[str]:
    ordinals = defaultdict(list)
    for call in recorded:
        ordinals[id(call.operation)].append(call.ordinal)
    times = {
        (operation, ordinal): time
        for operation, made in ordinals.items()
        for time, ordinal in enumerate(sorted(made), 1)
    }
    taken: set[str] = set()
    ids = []
    for call in recorded:
        time = times[id(call.operation), call.ordinal]
        name = printable(call.operation.name)
        id_ = base = name if time == 1 else f"{name}#{time}"
        # Keras has unique names in a Functional model; a name that ends in "#2" may still clash.
        number = 1
        while id_ in taken:
            number += 1
            id_ = f"{base}~{number}"
        taken.add(id_)
        ids.append(id_)
    return ids


class _Source(NamedTuple):
    """A tensor that a call takes."""

    tensor: keras.KerasTensor
    #: Where it stands in the arguments, if several do.
    argument: str | None
    #: Which of the inputs of a nested model it is; ``None`` for what is none of them (a mask).
    entry: int | None = None


def _sources(call: RecordedCall) -> list[_Source]:
    """The tensors that the call takes; those that are inputs of a nested model come first."""
    names = argument_names(call)
    sources = [_Source(*pair) for pair in zip(call.inputs, names, strict=True)]
    if not is_transparent(call.operation):
        return sources
    entries = []
    for number, tensor in enumerate(_given_inputs(call)):
        at = next((at for at, source in enumerate(sources) if source.tensor is tensor), None)
        if at is not None:
            entries.append(sources.pop(at)._replace(entry=number))
    return entries + sources


def _given_inputs(call: RecordedCall) -> list[Any]:
    """What a nested model is given for each of its inputs, in their order.

    As `keras.Model` has it: by name if it is given a dict, by place otherwise.
    """
    given = call.args[0] if call.args else call.kwargs.get("inputs")
    expected = getattr(call.operation, "input", None)
    if isinstance(given, dict):
        names = [tensor.name for tensor in call.operation.inputs]
        if isinstance(expected, dict):
            names = sorted(expected)
        if set(names) <= set(given):
            return [leaf for name in names for leaf in keras.tree.flatten(given[name])]
    flat: list[Any] = keras.tree.flatten(given)
    return flat[: len(call.operation.inputs)]


def _tensor(tensor: keras.KerasTensor) -> Tensor:
    return Tensor(tuple(tensor.shape), str(tensor.dtype))


def layer_facts(operation: keras.Operation) -> dict[str, Any]:
    """What is true of all calls of a layer or operation, as fields of `Call`."""
    cls = type(operation)
    facts: dict[str, Any] = {"module": public_module(cls), "qualname": cls.__qualname__}
    if not isinstance(operation, keras.Model):
        facts["config"] = _config(operation)
    if not isinstance(operation, keras.Layer):
        return facts | {"is_operation": True}
    return facts | {
        "parameters": count_parameters(operation),
        "trainable": bool(operation.trainable) if operation.weights else None,
        "activation": _activation(operation),
    }


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
