"""A Keras model as a graph of its calls, and how that is kept as JSON."""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Any

from sphinxcontrib_kerasgraph.graph.calls import (
    Call,
    CallGraph,
    Edge,
    Parameters,
    Port,
    Tensor,
)
from sphinxcontrib_kerasgraph.graph.kinds import CallKind
from sphinxcontrib_kerasgraph.printable import encodable, printable
from sphinxcontrib_kerasgraph.schema import (
    Misfit,
    anything,
    count,
    each,
    flag,
    mapping,
    optional,
    parsed,
    record,
    text,
)

#: Version of the JSON form; raised when a reader of the old one would misread the new one.
FORMAT = 3


@dataclass(frozen=True, eq=False)
class ModelGraph:
    """A Keras model: its name, class and totals, and its calls."""

    name: str
    module: str
    qualname: str
    #: ``Sequential``, ``Functional`` or ``Model`` (a subclass with a ``call`` of its own).
    model_type: str
    parameters: Parameters
    #: Number of layers: ``len(model.layers)``.
    layers: int
    graph: CallGraph
    #: Why the graph is a single box, where the inside of the model isn't known.
    opaque: str | None = None
    #: What made it: ``{"keras": "3.15.1", "backend": "tensorflow"}``.
    made_with: dict[str, str] = field(default_factory=dict)
    #: What the code asked for and didn't get, since the graph needs none: ``weights of best.h5``.
    passed_over: tuple[str, ...] = ()
    #: How many of the weights' numbers are of which dtype: ``{"float32": 25636712}``.
    dtypes: dict[str, int] = field(default_factory=dict)
    #: What a picture of it says beside, in lines; views alone note any.
    notes: tuple[str, ...] = ()
    #: Of two models in one graph: how many calls around each change are shown; ``None`` for all.
    context: int | None = None

    def __eq__(self, other: object) -> bool:
        """Whether all of it is the same, also of one that notebooks show."""
        return isinstance(other, ModelGraph) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]  # dicts are among what it holds

    def to_json(self) -> str:
        """The graph as JSON text: the same text for the same graph, in every process."""
        data = {"format": FORMAT} | _plain(self)
        return encodable(
            json.dumps(
                data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
            )
        )

    @classmethod
    def from_json(cls, json: str) -> ModelGraph:
        """The graph that `to_json` wrote. Raises `ValueError` for any other text."""
        return cls.from_data(parsed(json))

    @classmethod
    def from_data(cls, data: Any) -> ModelGraph:
        """The graph of what JSON held. Raises `ValueError` for anything else.

        Files in repositories may have been merged, and a worker's answer may be anything: what is
        read is a graph that holds together, and each of its values is of the type that it has.
        """
        try:
            if type(data) is not dict or "format" not in data:
                raise Misfit("it says no format")
            if type(data["format"]) is not int or data["format"] != FORMAT:
                raise Misfit(f"its format isn't {FORMAT}, but another release's")
            read = _model({name: one for name, one in data.items() if name != "format"})
            read.graph.check()
        except RecursionError as error:
            raise ValueError("too much lies in each other") from error
        return read


@cache
def _defaults(cls: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (one.name, one.default if one.default_factory is MISSING else one.default_factory())
        for one in fields(cls)
    )


def _plain(value: Any) -> Any:
    """A dataclass as JSON holds it: its fields but for those that have their defaults.

    Tensors and ports, of which there are most, are short: ``["float32", null, 8]``, ``"dense:0"``.
    """
    match value:
        case Port():
            return f"{value.call}:{value.index}"
        case Tensor():
            return [value.dtype, *value.shape]
    of: Any = type(value)
    found = value.__dict__
    return {name: found[name] for name, default in _defaults(of) if found[name] != default}


# What is read; fields that views alone fill aren't.


def _text(value: Any) -> str:
    """A text; as what it is told, if it isn't printable: see `graph.printed`."""
    return printable(text(value))


def _kind(value: Any) -> CallKind:
    kind = _KINDS.get(text(value))
    if kind is None:
        raise Misfit("it is no kind of call")
    return kind


def _port(value: Any) -> Port:
    call, _, index = _text(value).rpartition(":")
    if not index.isdecimal() or len(index) > _DIGITS or not index.isascii():
        raise Misfit("it names no output or input of a call")
    return Port(call, int(index))


def _tensor(value: Any) -> Tensor:
    if type(value) is not list or not value:
        raise Misfit("a tensor is a list, of its dtype and its sizes")
    return Tensor(_sizes(value[1:]), _text(value[0]))


def _deeper(data: Any) -> CallGraph:
    """The graph inside of a block."""
    return _graph(data)


_OF_VIEWS = {CallKind.GROUP, CallKind.STUB, CallKind.CONTEXT}
_KINDS = {one.value: one for one in CallKind if one not in _OF_VIEWS}
#: So long the number of a tensor may be.
_DIGITS = 9

_sizes = each(optional(count))
_tensors = each(_tensor)
_texts = each(_text)
_PARAMETERS = {"total": count, "trainable": count, "own": count}
_parameters = record(Parameters, _PARAMETERS)
_CALL = {
    "id": _text,
    "name": _text,
    "module": _text,
    "qualname": _text,
    "kind": _kind,
    "inputs": _tensors,
    "outputs": _tensors,
    "layer": _text,
    "attribute": optional(_text),
    "output_names": _texts,
    "is_operation": flag,
    "shared": flag,
    "parameters": _parameters,
    "trainable": optional(flag),
    "activation": optional(_text),
    "constants": each(each(_text, 2)),
    "config": mapping(anything),
    "chosen": optional(_texts),
    "body": _deeper,
    "opaque": optional(_text),
}
_EDGE = {"source": _port, "target": _port, "argument": optional(_text), "recurrent": flag}
_GRAPH = {
    "calls": each(record(Call, _CALL)),
    "edges": each(record(Edge, _EDGE)),
    "inputs": _texts,
    "outputs": each(_port),
}
_graph = record(CallGraph, _GRAPH)
_MODEL = {
    "name": _text,
    "module": _text,
    "qualname": _text,
    "model_type": _text,
    "parameters": _parameters,
    "layers": count,
    "graph": _graph,
    "opaque": optional(_text),
    "made_with": mapping(_text),
    "passed_over": _texts,
    "dtypes": mapping(count),
}
_model = record(ModelGraph, _MODEL)
