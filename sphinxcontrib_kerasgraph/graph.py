"""ModelGraph: what a Keras model does, call by call. The one data structure of the package.

A *call* is one application of a layer or operation: Keras's ``Node``. A layer that is called
three times makes three calls that name the same ``layer``. A call with a ``body`` is a *block*: a
nested model, a composite layer, a wrapper or control flow, whose own calls are in the body.
Everything here is frozen, plain and free of Keras, so that it can cross a process border and be
kept as JSON.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import MISSING, dataclass, field, fields
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

K = TypeVar("K")

#: Version of the JSON form; raised when a reader of the old one would misread the new one.
FORMAT = 3

#: Stands for the enclosing block where a `Port` names a call: ``Port(BLOCK, 1)`` is what the block
#: takes as the second of its inputs.
BLOCK = ""


@dataclass(frozen=True)
class Tensor:
    """Shape and dtype of a tensor; ``None`` in a shape is a dimension not known beforehand."""

    shape: tuple[int | None, ...]
    dtype: str


@dataclass(frozen=True)
class Parameters:
    """Numbers of weights (scalars, not arrays) of a layer or model."""

    #: All weights, those of sublayers included; what ``count_params()`` returns.
    total: int = 0
    #: Those of `total` that training changes.
    trainable: int = 0
    #: Those of `total` that no call inside has: a block's own, or all of a leaf's. A weight that
    #: several layers have (tied weights) is the own of the one that is called first, so that the
    #: sum over all layers is that of the model.
    own: int = 0


@dataclass(frozen=True)
class Port:
    """One input or output of a call: the call's id, and which of its tensors, from 0.

    As the source of an edge, or of an output of a body, the call may be `BLOCK`.
    """

    call: str
    index: int = 0


@dataclass(frozen=True)
class Edge:
    """A tensor that goes from one call to another."""

    source: Port
    target: Port
    #: Where the tensor stands in the arguments (``query``, ``inputs[1]``), if several do.
    argument: str | None = None
    #: Whether the tensor goes to the next step of a loop: a state of an RNN's cell, a variable of
    #: a ``while_loop``. These edges alone may lead backwards.
    recurrent: bool = False


@dataclass(frozen=True)
class Call:
    """One application of a layer or operation."""

    #: Unique among the calls of its graph: the layer's name, ``#2`` added at its second call.
    id: str
    #: The layer's name.
    name: str
    #: Where the class is found (``keras.layers``, ``demo.models``), and its qualified name.
    module: str
    qualname: str
    #: What the layer is for: a key of `draw.theme.KINDS`.
    kind: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    #: Path of the first call of the layer: calls that have it in common share their weights.
    layer: str
    #: Whether it is a bare operation, such as ``keras.ops.add``, and no layer.
    is_operation: bool = False
    #: Whether another call uses weights of this one, at any depth of the model.
    shared: bool = False
    parameters: Parameters = Parameters()
    #: Whether training changes the weights; ``None`` where there are none.
    trainable: bool | None = None
    #: The name of the ``activation`` of the layer, if it has one.
    activation: str | None = None
    #: The arguments that are no tensors: constants of operations, by name, as Python text.
    constants: tuple[tuple[str, str], ...] = ()
    #: The layer's ``get_config()``, reduced to what JSON can hold.
    config: dict[str, Any] = field(default_factory=dict)
    #: What the call does inside; ``None`` for a leaf.
    body: CallGraph | None = None
    #: How many calls are inside that a view has left out.
    inside: int = 0
    #: Why the inside isn't known, although there are layers in it.
    opaque: str | None = None

    @property
    def class_name(self) -> str:
        """The class's own name, as Keras shows it."""
        return self.qualname.rpartition(".")[2]


@dataclass(frozen=True)
class CallGraph:
    """Calls and the tensors between them, of a model or inside a block."""

    #: In an order in which every call comes after those whose outputs it takes.
    calls: tuple[Call, ...]
    edges: tuple[Edge, ...]
    #: Ids of the calls that stand for the inputs of a model. A body takes the inputs of its block
    #: by edges from `BLOCK`; one that no edge takes, such as a mask, is for the block as a whole.
    inputs: tuple[str, ...]
    #: Where the outputs come from, in order.
    outputs: tuple[Port, ...]

    def __getitem__(self, id_: str) -> Call:
        """The call of that id. Raises `KeyError`."""
        return self._calls_by_id[id_]

    @cached_property
    def _calls_by_id(self) -> dict[str, Call]:
        return {call.id: call for call in self.calls}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each call stands among the calls, by its id."""
        return {call.id: at for at, call in enumerate(self.calls)}

    @cached_property
    def edges_from(self) -> Mapping[Port, Sequence[Edge]]:
        """The edges by their sources."""
        return _by(self.edges, lambda edge: edge.source)

    @cached_property
    def edges_into(self) -> Mapping[str, Sequence[Edge]]:
        """The edges by the calls that take them."""
        return _by(self.edges, lambda edge: edge.target.call)

    def walk(self, prefix: str = "") -> Iterator[tuple[str, Call]]:
        """Every call with its path (ids joined by ``/``), those inside blocks after the block."""
        for call in self.calls:
            path = prefix + call.id
            yield path, call
            if call.body is not None:
                yield from call.body.walk(f"{path}/")


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
        """The graph of what JSON held. Raises `ValueError` for anything else."""
        try:
            data = dict(data)
            if data.pop("format") != FORMAT:
                raise ValueError(f"not a ModelGraph of format {FORMAT}")
            parameters = Parameters(**data.pop("parameters"))
            return cls(parameters=parameters, graph=_graph(data.pop("graph")), **data)
        except (LookupError, TypeError, AttributeError) as error:
            raise ValueError(f"not a ModelGraph: {error!r}") from error


def _by(edges: Iterable[Edge], key: Callable[[Edge], K]) -> Mapping[K, Sequence[Edge]]:
    found: dict[K, list[Edge]] = defaultdict(list)
    for edge in edges:
        found[key(edge)].append(edge)
    return found


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


def _graph(data: dict[str, Any], *, is_body: bool = False) -> CallGraph:
    """Raises `ValueError` if a port names no call: files in repositories may have been merged."""
    graph = CallGraph(
        calls=tuple(_call(call) for call in data["calls"]),
        edges=tuple(
            Edge(**edge | {"source": _port(edge["source"]), "target": _port(edge["target"])})
            for edge in data["edges"]
        ),
        inputs=tuple(data["inputs"]),
        outputs=tuple(map(_port, data["outputs"])),
    )
    known = {call.id for call in graph.calls}
    sources = {edge.source.call for edge in graph.edges} | {port.call for port in graph.outputs}
    named = {edge.target.call for edge in graph.edges} | {*graph.inputs}
    named |= sources - {BLOCK} if is_body else sources
    if len(known) != len(graph.calls) or not named <= known:
        raise ValueError(f"calls that are there twice, or not: {sorted(named - known)}")
    return graph


def _call(data: dict[str, Any]) -> Call:
    read: dict[str, Any] = {name: _tensors(data[name]) for name in ("inputs", "outputs")}
    if "parameters" in data:
        read["parameters"] = Parameters(**data["parameters"])
    if "constants" in data:
        read["constants"] = tuple((name, text) for name, text in data["constants"])
    if "body" in data:
        read["body"] = _graph(data["body"], is_body=True)
    return Call(**data | read)


def _port(text: str) -> Port:
    call, _, index = text.rpartition(":")
    return Port(call, int(index))


def _tensors(data: list[list[Any]]) -> tuple[Tensor, ...]:
    return tuple(Tensor(tuple(item[1:]), item[0]) for item in data)
