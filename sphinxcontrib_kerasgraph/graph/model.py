"""A Keras model as a graph of its calls, and how that is kept as JSON."""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.graph.calls import (
    Call,
    CallGraph,
    Edge,
    Parameters,
    Port,
    Tensor,
)
from sphinxcontrib_kerasgraph.graph.kinds import CallKind
from sphinxcontrib_kerasgraph.graph.printed import printed
from sphinxcontrib_kerasgraph.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Version of the JSON form; raised when a reader of the old one would misread the new one.
FORMAT = 3

# Of which types the values are in JSON, field for field, but for those that views alone fill.

_TEXT, _NUMBER, _FLAG = frozenset({str}), frozenset({int}), frozenset({bool})
_LIST, _OBJECT = frozenset({list}), frozenset({dict})
_NOTHING = frozenset({type(None)})

_MODEL = {
    "format": _NUMBER,
    "name": _TEXT,
    "module": _TEXT,
    "qualname": _TEXT,
    "model_type": _TEXT,
    "parameters": _OBJECT,
    "layers": _NUMBER,
    "graph": _OBJECT,
    "opaque": _TEXT | _NOTHING,
    "made_with": _OBJECT,
    "passed_over": _LIST,
    "dtypes": _OBJECT,
}
_GRAPH = dict.fromkeys(("calls", "edges", "inputs", "outputs"), _LIST)
_CALL = {
    "id": _TEXT,
    "name": _TEXT,
    "module": _TEXT,
    "qualname": _TEXT,
    "kind": _TEXT,
    "inputs": _LIST,
    "outputs": _LIST,
    "layer": _TEXT,
    "attribute": _TEXT | _NOTHING,
    "output_names": _LIST,
    "is_operation": _FLAG,
    "shared": _FLAG,
    "parameters": _OBJECT,
    "trainable": _FLAG | _NOTHING,
    "activation": _TEXT | _NOTHING,
    "constants": _LIST,
    "config": _OBJECT,
    "chosen": _LIST | _NOTHING,
    "body": _OBJECT,
    "opaque": _TEXT | _NOTHING,
}
_EDGE = {"source": _TEXT, "target": _TEXT, "argument": _TEXT | _NOTHING, "recurrent": _FLAG}
_PARAMETERS = dict.fromkeys(("total", "trainable", "own"), _NUMBER)

_SIZES = _NUMBER | _NOTHING

_OF_VIEWS = {CallKind.GROUP, CallKind.STUB, CallKind.CONTEXT}
#: Those that views alone make aside.
_KINDS = {one.value: one for one in CallKind if one not in _OF_VIEWS}


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
        text = json.dumps(
            data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
        )
        return encodable(text)

    @classmethod
    def from_json(cls, text: str) -> ModelGraph:
        """The graph that `to_json` wrote. Raises `ValueError` for any other text."""
        try:
            data = json.loads(text)
        except RecursionError as error:
            raise ValueError(f"not a ModelGraph: {error!r}") from error
        return cls.from_data(data)

    @classmethod
    def from_data(cls, data: Any) -> ModelGraph:
        """The graph of what JSON held. Raises `ValueError` for anything else.

        Files in repositories may have been merged, and a worker's answer may be anything: what is
        read is a graph that holds together, and each of its values is of the type that it has.
        """
        try:
            data = dict(_checked(data, _MODEL))
            if data.pop("format") != FORMAT:
                raise ValueError(f"not a ModelGraph of format {FORMAT}")
            _texts(list(data.get("made_with", {}).values()))
            _numbers(list(data.get("dtypes", {}).values()))
            data |= {
                "parameters": _parameters(data["parameters"]),
                "graph": _graph(data["graph"]),
                "passed_over": _texts(data.get("passed_over", [])),
            }
            read = printed(cls(**data))
            read.graph.check()
        except (LookupError, TypeError, RecursionError) as error:
            raise ValueError(f"not a ModelGraph: {error!r}") from error
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


def _checked(data: Any, types: Mapping[str, frozenset[type]]) -> dict[str, Any]:
    """The object, if it has no other fields than these, and each is of one of its types."""
    if type(data) is not dict:
        raise TypeError(f"{type(data).__name__} in place of an object")
    for name, value in data.items():
        if type(value) not in types[name]:
            raise TypeError(f"{name!r} of the type {type(value).__name__}")
    return data


def _graph(data: Any) -> CallGraph:
    data = _checked(data, _GRAPH)
    return CallGraph(
        calls=tuple(_call(call) for call in data["calls"]),
        edges=tuple(map(_edge, data["edges"])),
        inputs=_texts(data["inputs"]),
        outputs=tuple(map(_port, _texts(data["outputs"]))),
    )


def _call(data: Any) -> Call:
    data = _checked(data, _CALL)
    read: dict[str, Any] = {name: tuple(map(_tensor, data[name])) for name in ("inputs", "outputs")}
    read["kind"] = _KINDS[data["kind"]]
    if "parameters" in data:
        read["parameters"] = _parameters(data["parameters"])
    if "constants" in data:
        read["constants"] = tuple(map(_constant, data["constants"]))
    if "output_names" in data:
        read["output_names"] = _texts(data["output_names"])
    if data.get("chosen") is not None:
        read["chosen"] = _texts(data["chosen"])
    if "body" in data:
        read["body"] = _graph(data["body"])
    return Call(**data | read)


def _edge(data: Any) -> Edge:
    data = _checked(data, _EDGE)
    return Edge(**data | {"source": _port(data["source"]), "target": _port(data["target"])})


def _port(text: str) -> Port:
    call, _, index = text.rpartition(":")
    return Port(call, int(index))


def _parameters(data: Any) -> Parameters:
    return Parameters(**_checked(data, _PARAMETERS))


def _tensor(data: Any) -> Tensor:
    if type(data) is not list or type(data[0]) is not str:
        raise TypeError("a tensor that is none")
    dtype, *sizes = data
    if not _SIZES.issuperset(map(type, sizes)):
        raise TypeError("a size that is no number")
    return Tensor(tuple(sizes), dtype)


def _constant(data: Any) -> tuple[str, str]:
    name, text = _texts(data)
    return name, text


def _numbers(data: list[Any]) -> None:
    if not _NUMBER.issuperset(map(type, data)):
        raise TypeError("numbers that are none")


def _texts(data: Any) -> tuple[str, ...]:
    if type(data) is not list or not _TEXT.issuperset(map(type, data)):
        raise TypeError("texts that are none")
    return tuple(data)
