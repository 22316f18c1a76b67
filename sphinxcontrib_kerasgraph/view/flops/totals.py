"""The operations of the calls of a model, and of what is inside them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, Amount, CallKind, Port
from sphinxcontrib_kerasgraph.view.flops.leaf import Leaf, size
from sphinxcontrib_kerasgraph.view.flops.raw import class_of
from sphinxcontrib_kerasgraph.view.flops.rules import is_known, rule_of
from sphinxcontrib_kerasgraph.view.flops.work import NONE, UNKNOWN_WORK, UnknownSizeError, Work

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph, Tensor

UNKNOWN = UNKNOWN_WORK.amount

#: Of these of Keras's the inside is that of one step.
_STEPS = {"RNN", "TimeDistributed"}
_ONE = Fraction(1)


def with_flops(graph: ModelGraph) -> ModelGraph:
    """The graph with the mark on every call; that of a block is of all that is inside."""
    return replace(graph, graph=_counted(graph.graph, (), 1)[0])


def model_flops(graph: ModelGraph) -> Amount:
    """Those of the whole model: a layer that is called twice takes them twice."""
    return model_work(graph).amount


def model_work(graph: ModelGraph) -> Work:
    """The same, with what TensorFlow's profiler has numbers for apart from what it leaves out."""
    return _counted(graph.graph, (), 1)[1]


def flops(call: Call, arguments: Mapping[int, str | None] | None = None) -> Amount:
    """The operations of a call.

    ``arguments`` tells as which argument each input is given, where several are.
    """
    return _of_call(call, arguments or {}, (), _ONE, 1)[1].amount


def steps_inside(call: Call) -> int | None:
    """How often the inside of a block runs; ``None`` where that isn't known."""
    if call.kind is CallKind.CONTROL:  # one of several branches, or nobody knows how often
        return None
    if not _is_step(call):
        return 1
    shape = call.inputs[0].shape if call.inputs else ()
    return shape[1] if len(shape) > 1 else None


def _counted(
    graph: CallGraph, entering: Sequence[Fraction], runs: int | None
) -> tuple[CallGraph, Work]:
    """The graph with marks, and the work of all of it.

    ``entering`` tells for each input of the block around how many rows of it an example has: where
    places of images have become a part of the batch, say, what a row takes is taken so many times.
    ``runs`` is how often the graph runs for an example, ``None`` where that isn't known: the marks
    are of all that, so that the number of a block is the sum of those inside.
    """
    rows = {Port(BLOCK, at): times for at, times in enumerate(entering)}
    calls, works = [], []
    for call in graph.calls:
        into = graph.edges_into.get(call.id, ())
        names = {edge.target.index: edge.argument for edge in into}
        given = [_ONE] * len(call.inputs)
        for edge in into:
            if not edge.recurrent and edge.target.index < len(given):
                given[edge.target.index] = rows.get(edge.source, _ONE)
        times = _times(call, given)
        marked, work = _of_call(call, names, given, times, runs)
        if (was := call.before) is not None:
            taken = [*given, *(_ONE for _ in was.inputs)][: len(was.inputs)]
            amount = _of_call(was, names, taken, times, runs)[1].amount
            was = replace(was, marks=replace(was.marks, flops=amount))
            marked = replace(marked, before=was)
        rows |= {
            Port(call.id, at): _rows_out(call, tensor, times)
            for at, tensor in enumerate(call.outputs)
        }
        calls.append(replace(marked, marks=replace(call.marks, flops=work.amount)))
        works.append(work)
    return replace(graph, calls=tuple(calls)), Work.sum(works)


def _times(call: Call, given: Sequence[Fraction]) -> Fraction:
    """How many rows an example has, in the first of the inputs with a batch."""
    batches = zip(call.inputs, given, strict=True)
    return next((times for tensor, times in batches if tensor.shape[:1] == (None,)), _ONE)


def _rows_out(call: Call, tensor: Tensor, times: Fraction) -> Fraction:
    """How many rows of what comes out an example has."""
    if tensor.shape[:1] != (None,) or class_of(call.module, call.class_name) != "Reshape":
        return times
    try:
        return times * Fraction(size(call.inputs[0]), size(tensor))
    except (UnknownSizeError, LookupError, ZeroDivisionError):
        return times


def _of_call(
    call: Call,
    names: Mapping[int, str | None],
    given: Sequence[Fraction],
    times: Fraction,
    runs: int | None,
) -> tuple[Call, Work]:
    """The call with marks on what is inside, and its work."""
    if not call.bodies:
        work = _of_leaf(Leaf(call, names))
        if runs is None:  # nothing is nothing, however often
            return call, work if work == NONE else UNKNOWN_WORK
        return call, work * (times * runs)
    steps = steps_inside(call)
    inside = None if runs is None or steps is None else runs * steps
    bodies, works = zip(*(_counted(body, given, inside) for body in call.bodies), strict=True)
    # What decides how often it runs may take operations, too.
    is_control = call.kind is CallKind.CONTROL
    return call.with_bodies(bodies), UNKNOWN_WORK if is_control else Work.sum(works)


def _of_leaf(leaf: Leaf) -> Work:
    rule = None if leaf.call.opaque else rule_of(leaf)
    if rule is None:
        return UNKNOWN_WORK
    try:
        return rule(leaf)
    except (UnknownSizeError, ArithmeticError, LookupError, TypeError, ValueError):
        return UNKNOWN_WORK  # of a call that isn't as Keras has it, too


def _is_step(call: Call) -> bool:
    """Whether the inside of a block is that of one step, of a class derived from `RNN`, too."""
    if any(edge.recurrent for body in call.bodies for edge in body.edges):
        return True
    return call.class_name in _STEPS and is_known(call)
