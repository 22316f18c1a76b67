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

#: Version of the JSON form; raised when a reader of the old one would misread the new one.
FORMAT = 3

#: Fields of a call that are texts, always.
_TEXTS = ("id", "name", "module", "qualname", "layer")
#: Fields of a call that views alone fill.
_OF_VIEWS = frozenset({"inside", "group", "marks"})


@dataclass(frozen=True)
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

    def to_json(self) -> str:
        """The graph as JSON text: the same text for the same graph, in every process."""
        data = {"format": FORMAT} | _plain(self)
        return json.dumps(
            data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
        )

    @classmethod
    def from_json(cls, text: str) -> ModelGraph:
        """The graph that `to_json` wrote. Raises `ValueError` for any other text."""
        return cls.from_data(json.loads(text))

    @classmethod
    def from_data(cls, data: Any) -> ModelGraph:
        """The graph of what JSON held. Raises `ValueError` for anything else.

        Files in repositories may have been merged, and a worker's answer may be anything: what is
        read is a graph that holds together.
        """
        try:
            data = dict(data)
            if data.pop("format") != FORMAT:
                raise ValueError(f"not a ModelGraph of format {FORMAT}")
            parameters = Parameters(**data.pop("parameters"))
            read = cls(parameters=parameters, graph=_graph(data.pop("graph")), **data)
            read.graph.check()
        except (LookupError, TypeError, AttributeError, RecursionError) as error:
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


def _graph(data: dict[str, Any]) -> CallGraph:
    return CallGraph(
        calls=tuple(_call(call) for call in data["calls"]),
        edges=tuple(map(_edge, data["edges"])),
        inputs=tuple(data["inputs"]),
        outputs=tuple(map(_port, data["outputs"])),
    )


def _call(data: dict[str, Any]) -> Call:
    if not all(isinstance(data[name], str) for name in _TEXTS):
        raise TypeError("a name that is no text")
    if not data.keys().isdisjoint(_OF_VIEWS):
        raise ValueError("a graph as a view made it")
    read: dict[str, Any] = {name: _tensors(data[name]) for name in ("inputs", "outputs")}
    read["kind"] = CallKind(data["kind"])
    if "parameters" in data:
        read["parameters"] = Parameters(**data["parameters"])
    if "constants" in data:
        read["constants"] = tuple((name, text) for name, text in data["constants"])
    if "body" in data:
        read["body"] = _graph(data["body"])
    return Call(**data | read)


def _edge(data: dict[str, Any]) -> Edge:
    if "marks" in data:
        raise ValueError("a graph as a view made it")
    return Edge(**data | {"source": _port(data["source"]), "target": _port(data["target"])})


def _port(text: str) -> Port:
    call, _, index = text.rpartition(":")
    return Port(call, int(index))


def _tensors(data: list[list[Any]]) -> tuple[Tensor, ...]:
    for dtype, *sizes in data:
        if not isinstance(dtype, str) or {*map(type, sizes)} - {int, type(None)}:
            raise TypeError("a tensor that is none")
    return tuple(Tensor(tuple(sizes), dtype) for dtype, *sizes in data)
