"""What a Keras model does, call by call: the one data structure of the package.

A *call* is one application of a layer or operation: Keras's ``Node``. A layer that is called
three times makes three calls that name the same ``layer``. A call with a ``body`` is a *block*: a
nested model, a composite layer, a wrapper or control flow, whose own calls are in the body.
Everything here is frozen, plain and free of Keras, so that it can cross a process border and be
kept as JSON. A view turns one graph into another; what it makes, groups and marks, are values of
calls, so that there is one kind of node and one walk for all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from sphinxcontrib_kerasgraph.graph.marks import UNMARKED, Marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph.kinds import CallKind, GroupKind, Kind

K = TypeVar("K")

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
    #: What a view has noted.
    marks: Marks = UNMARKED


@dataclass(frozen=True)
class Group:
    """What a view has put together in one call, whose ``body`` is the first of `copies`.

    They were calls of the graph that the group is in now, and keep their paths.
    """

    kind: GroupKind
    #: The repetitions, in order; each as the inside of a block, and all of the same structure. One
    #: in a group that repeats nothing.
    copies: tuple[CallGraph, ...]
    #: For each input of the repetitions: which output of one the next one takes there; ``None``
    #: where that is no matter of the one before.
    carried: tuple[int | None, ...] = ()
    #: The letter by which a part is known that is drawn apart.
    letter: str = ""
    #: For each input of the call, which input of the repetitions it is. Where several are the same,
    #: one for each repetition in order, each takes its own; else all take the one, or the first if
    #: it is `carried`. Empty where the call has the inputs of a repetition.
    entering: tuple[int, ...] = ()
    #: For each output of the call, which output of the repetitions it is: that of each in order
    #: where several are the same, else of the last. Empty where it has the outputs of a repetition.
    leaving: tuple[int, ...] = ()
    #: The ids of calls of the last repetition, at any depth of groups, that the graph has not: they
    #: would be like those before, and lead nowhere.
    lacking: frozenset[str] = frozenset()

    @property
    def repeats(self) -> int:
        """How many times what is drawn is there."""
        return len(self.copies)

    @property
    def is_chain(self) -> bool:
        """Whether a repetition takes one tensor of the one before, once, and no other of it."""
        handed_on = [index for index, output in enumerate(self.carried) if output is not None]
        taken = self.copies[0].edges_from
        edges = sum(len(taken.get(Port(BLOCK, index), ())) for index in handed_on)
        return len(handed_on) <= 1 and edges <= 1

    def input_inside(self, index: int) -> int:
        """Which input of the repetitions an input of the call is."""
        return self.entering[index] if self.entering else index

    def output_inside(self, index: int) -> int:
        """Which output of the repetitions an output of the call is."""
        return self.leaving[index] if self.leaving else index

    def inputs_of(self, inside: int) -> list[int]:
        """The inputs of the call that are one of the repetitions: one, or one for each of them."""
        return [at for at, one in enumerate(self.entering) if one == inside] or [inside]

    def outputs_of(self, inside: int) -> list[int]:
        """The outputs of the call that are one of the repetitions: one, or one of each of them."""
        return [at for at, one in enumerate(self.leaving) if one == inside] or [inside]

    def is_gathered(self, inside: int) -> bool:
        """Whether the call hands on an output of each repetition, and not of the last alone."""
        return self.repeats > 1 and self.leaving.count(inside) == self.repeats


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
    #: What the layer is for.
    kind: CallKind
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    #: Path of the first call of the layer: calls that have it in common share their weights.
    layer: str
    #: Where the layer that calls it, or the model, holds the layer: ``head``, ``blocks[0]``.
    attribute: str | None = None
    #: What the model calls the outputs, where it returns a dict: a name for each, or none.
    output_names: tuple[str, ...] = ()
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
    #: The entries of `config` that aren't as the layer's class has them by default; ``None`` where
    #: that isn't known.
    chosen: tuple[str, ...] | None = None
    #: What the call does inside; ``None`` for a leaf.
    body: CallGraph | None = None
    #: Why the inside isn't known, although there are layers in it.
    opaque: str | None = None
    #: How many calls are inside that a view has left out, and what is inside.
    inside: int = 0
    hidden: CallGraph | None = field(default=None, repr=False)
    #: The networks inside, with their classes, that are all it hands on to, where a view has their
    #: calls in their place: the outer ones first.
    through: tuple[str, ...] = ()
    #: What a view has put together here; such a call is of the kind `CallKind.GROUP`.
    group: Group | None = None
    #: What a view has noted; for a block, of all that is inside, too.
    marks: Marks = UNMARKED
    #: What it was in the model with which this one is compared, if that differs: in itself, where
    #: it is marked as changed, or in the tensors that it takes and makes.
    before: Call | None = field(default=None, repr=False)

    @property
    def class_name(self) -> str:
        """The class's own name, as Keras shows it."""
        return self.qualname.rpartition(".")[2]

    @property
    def shown_kind(self) -> Kind:
        """Whose colour it has: that of its kind, if its author wants no other."""
        style = self.marks.style
        return self.kind if style is None or style.kind is None else style.kind

    @property
    def bodies(self) -> tuple[CallGraph, ...]:
        """The graphs inside: those of all repetitions of a group, the body of another block."""
        if self.group is not None:
            return self.group.copies
        return () if self.body is None else (self.body,)

    @property
    def arity_inside(self) -> tuple[int, int]:
        """How many tensors each of the `bodies` takes and hands on."""
        group = self.group
        taken = len(set(group.entering)) if group and group.entering else len(self.inputs)
        made = len(set(group.leaving)) if group and group.leaving else len(self.outputs)
        return taken, made

    def with_bodies(self, bodies: Iterable[CallGraph]) -> Call:
        """The call with other graphs inside, as many as `bodies` has."""
        made = tuple(bodies)
        if not made:
            return self
        group = self.group and replace(self.group, copies=made)
        return replace(self, body=made[0], group=group)

    def is_group(self, *kinds: GroupKind) -> bool:
        """Whether a view has made the call, for one of these reasons; for any if none is given."""
        return self.group is not None and (not kinds or self.group.kind in kinds)


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
    #: The ids of the calls, those in groups included, in the order in which they stood, where a
    #: view has put them into another.
    order: tuple[str, ...] | None = None

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

    @cached_property
    def differs(self) -> bool:
        """Whether a call or a tensor has the mark of a change, at any depth."""
        return (
            any(call.marks.change is not None for call in self.calls)
            or any(edge.marks.change is not None for edge in self.edges)
            or any(body.differs for call in self.calls for body in call.bodies)
        )

    def walk(self, prefix: str = "") -> Iterator[tuple[str, Call]]:
        """Every call with its path (ids joined by ``/``), those inside blocks after the block.

        Of a group, those in its first repetition, by the paths that they have without it.
        """
        for call in self.calls:
            path = prefix + call.id
            yield path, call
            if call.body is not None:
                yield from call.body.walk(prefix if call.group else f"{path}/")

    def flat(self) -> Iterator[Call]:
        """The calls, those in the first repetition of groups in place of the group."""
        for call in self.calls:
            if call.group is not None:
                yield from call.group.copies[0].flat()
            else:
                yield call

    def check(self, taken: int | None = None, *, complete: bool = True) -> None:
        """Raise `ValueError` unless the graph, and all that is inside, holds together.

        Ids are unique; ports are there; each call comes after those whose outputs it takes; each
        of its inputs has its tensor, if the graph is ``complete`` and no view has hidden a call; a
        block hands on what is inside. ``taken`` is how many tensors the block takes that the graph
        is the inside of; ``None`` for a model's.
        """
        if len(self.places) != len(self.calls):
            raise ValueError(f"two calls have one id: {_repeated(call.id for call in self.calls)}")
        if BLOCK in self.places:
            raise ValueError("a call has no id")
        if not self._held() >= set(self.inputs) or len(set(self.inputs)) < len(self.inputs):
            raise ValueError("an input of the model isn't there, or twice")
        made = {call.id: len(call.outputs) for call in self.calls} | {BLOCK: taken or 0}
        for port in (*(edge.source for edge in self.edges), *self.outputs):
            if not 0 <= port.index < made.get(port.call, 0):
                raise ValueError(f"there is no output {port.index} of {port.call!r}")
        inputs = {Port(call.id, at) for call in self.calls for at in range(len(call.inputs))}
        fed = {edge.target for edge in self.edges}
        taken_once = [edge.target for edge in self.edges if not edge.recurrent]
        if complete and len(set(taken_once)) < len(taken_once):
            raise ValueError("two tensors go into one input")
        if odd := fed ^ inputs if complete else fed - inputs:
            port = min(odd, key=repr)
            raise ValueError(f"input {port.index} of {port.call!r} has no tensor, or isn't there")
        self._check_order()
        for call in self.calls:
            _check_group(call)
            taken_inside, made_inside = call.arity_inside
            for body in call.bodies:
                if len(body.outputs) != made_inside:
                    raise ValueError(f"{call.id!r} doesn't hand on what is inside")
                body.check(taken_inside, complete=complete)

    def _held(self) -> set[str]:
        """The ids of the calls, and of those that groups have put together."""
        groups = [call.group for call in self.calls if call.group is not None]
        inside = {call.id for group in groups for copy in group.copies for call in copy.calls}
        return {*self.places, *inside}

    def _check_order(self) -> None:
        before = -1, -1, False
        for edge in self.edges:
            at = self.places[edge.target.call], edge.target.index, edge.recurrent
            if not edge.recurrent and self.places.get(edge.source.call, -1) >= at[0]:
                raise ValueError(f"{edge.target.call!r} comes before {edge.source.call!r}")
            if at < before:
                raise ValueError(f"the edges into {edge.target.call!r} aren't in order")
            before = at


def _check_group(call: Call) -> None:
    group = call.group
    if group is None:
        return
    for numbers, of_call in ((group.entering, call.inputs), (group.leaving, call.outputs)):
        odd = {number for _, number in Counter(numbers).items()} - {1, group.repeats}
        if odd or (numbers and len(numbers) != len(of_call)):
            raise ValueError(f"{call.id!r} has not one tensor for each of its repetitions")


def _repeated(names: Iterable[str]) -> str:
    """The names that are there more than once."""
    return ", ".join(sorted(name for name, times in Counter(names).items() if times > 1))


def _by(edges: Iterable[Edge], key: Callable[[Edge], K]) -> Mapping[K, Sequence[Edge]]:
    found: dict[K, list[Edge]] = defaultdict(list)
    for edge in edges:
        found[key(edge)].append(edge)
    return found
