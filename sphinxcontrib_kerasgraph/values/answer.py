"""What a graph answers to a question, as a plain value; never a part of it for the whole."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.faults import Fault, did_you_mean
from sphinxcontrib_kerasgraph.graph import SOURCES, Amount, CallKind
from sphinxcontrib_kerasgraph.graph.configuration import configured
from sphinxcontrib_kerasgraph.graph.memory import Bytes, bytes_of, memory_of
from sphinxcontrib_kerasgraph.values.found import FIRST, calls_of
from sphinxcontrib_kerasgraph.view.flops.totals import model_flops, steps_inside, with_flops

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph, Parameters
    from sphinxcontrib_kerasgraph.values.question import Question

#: So many names are told of what isn't known.
_TOLD = 4


def answer(graph: ModelGraph, question: Question) -> Any:
    """The value: a number, a text, a shape, a list of shapes, or what a configuration holds.

    Raises `Fault` ``value`` where it isn't there, or isn't known as a whole.
    """
    check_question(question)
    if question.layer is None:
        value = MODEL[question.name](graph)
    else:
        value = _of_layer(graph, question.layer, question.name)
    for place in question.places:
        if isinstance(value, dict | str) or not hasattr(value, "__getitem__"):
            raise Fault("value", f"{question.name!r} is one value, of which there are no parts.")
        if not -len(value) <= place < len(value):
            raise Fault("value", f"{question.name!r} has {len(value)} parts, and none at {place}.")
        value = value[place]
    return value


def check_question(question: Question) -> None:
    """Raise `Fault` ``value`` where no model has such a value."""
    if question.layer is None and question.name not in MODEL:
        name = question.name
        raise Fault("value", f"There is no value {name!r} of models.", _near(name, MODEL))


def _of_layer(graph: ModelGraph, layer: str, name: str) -> Any:
    calls = calls_of(graph, layer)
    path, call = next(iter(calls.items()))
    held = configured(call)
    if name in held:
        if _holds_layers(held[name]):
            raise Fault("value", f"{name!r} of the layer {path!r} is not a single value.")
        return held[name]
    if name == "flops":
        return _layer_flops(graph, calls)
    if name in SHAPES:
        return _one_shape(name, path, calls)
    if name in LAYER:
        return LAYER[name](call)
    raise Fault("value", f"The layer {path!r} has no value {name!r}.", _near(name, [*LAYER, *held]))


def _layer_flops(graph: ModelGraph, calls: Mapping[str, Call]) -> int:
    """Those of all calls together."""
    marked = dict(with_flops(graph).graph.walk())
    amounts = [marked[path].marks.flops or Amount(complete=False) for path in calls]
    return _whole(Amount.sum(amounts), calls.items())


def _one_shape(name: str, path: str, calls: Mapping[str, Call]) -> Any:
    """That of each of the calls. Raises `Fault` ``value`` where they differ."""
    shapes = [LAYER[name](call) for call in calls.values()]
    if any(shape != shapes[0] for shape in shapes):
        first, *others = calls
        paths = ", ".join([first + FIRST, *others])
        raise Fault(
            "value",
            f"The calls of the layer {path!r} differ in their {name!r}.",
            f"Write which one is meant: {paths}.",
        )
    return shapes[0]


def _near(name: str, known: Iterable[str]) -> str:
    names = list(dict.fromkeys(known))
    return did_you_mean(name, names, f"There are: {', '.join(names)}.")


def _holds_layers(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(one, dict | list) for one in value)


# Of both.


def _unknown(what: str, calls: Iterable[tuple[str, Call]], at_least: str = "") -> Fault:
    """That a number isn't known, and whose part of it."""
    names = list(dict.fromkeys(call.class_name for _, call in calls))
    told = ", ".join(names[:_TOLD]) + (" and others" if len(names) > _TOLD else "")
    of_which = f" of {told}" if told else ""
    return Fault("value", f"The {what}{of_which} can't be told{at_least}.")


def _whole(amount: Amount | None, calls: Iterable[tuple[str, Call]]) -> int:
    if amount is not None and amount.complete:
        return amount.known
    known = amount.known if amount is not None else 0
    raise _unknown("FLOPs", calls, f"; all others are {known:,}" if known else "")


def _model_flops(graph: ModelGraph) -> int:
    amount = model_flops(graph)
    return _whole(amount, () if amount.complete else _not_counted(with_flops(graph).graph))


def _not_counted(graph: CallGraph) -> Iterator[tuple[str, Call]]:
    """The calls whose FLOPs aren't known; of what runs nobody knows how often, the block."""
    for call in graph.calls:
        if call.marks.flops is None or not call.marks.flops.complete:
            if call.body is None or steps_inside(call) is None:
                yield call.id, call
            else:
                yield from _not_counted(call.body)


def _not_opened(graph: CallGraph) -> list[tuple[str, Call]]:
    return [(path, call) for path, call in graph.walk() if call.opaque]


def _calls(graph: CallGraph) -> int:
    """The calls that are made, those inside of blocks in place of these."""
    if odd := _not_opened(graph):
        raise _unknown("number of calls", odd)
    return sum(call.body is None and call.kind not in SOURCES for _, call in graph.walk())


def _depth(graph: CallGraph) -> int:
    """The layers that have weights of their own, each once."""
    if odd := [(path, call) for path, call in _not_opened(graph) if call.parameters.total]:
        raise _unknown("depth", odd)
    layers = {
        call.layer
        for _, call in graph.walk()
        if call.parameters.own and call.kind is not CallKind.WEIGHT
    }
    return len(layers)


def _model_size(graph: ModelGraph) -> int:
    return _sum(memory_of(graph))


def _size(calls: Iterable[tuple[str, Call]], total: int) -> int:
    """The bytes of the weights of these, of which layers are counted once."""
    own: Counter[str] = Counter()
    seen = set()
    for _, call in calls:
        if call.layer not in seen and call.parameters.own:
            seen.add(call.layer)
            own[_dtype(call) or ""] += call.parameters.own
    return _sum(bytes_of(own) if own.total() == total else None)


def _sum(memory: Mapping[str, int] | None) -> Bytes:
    if memory is None:
        raise Fault("value", "The size can't be told: not all weights tell their dtype.")
    return Bytes(sum(memory.values()))


def _dtype(call: Call) -> str | None:
    """The dtype of the weights of a layer."""
    if call.kind is CallKind.WEIGHT:
        return call.outputs[0].dtype
    match call.config.get("dtype"):
        case {"class_name": "DTypePolicy", "config": {"name": str(policy)}} | str(policy):
            return "float32" if policy.startswith("mixed_") else policy
    return None


def _one_or_all(shapes: list[tuple[int | None, ...]], what: str) -> Any:
    if not shapes:
        raise Fault("value", f"There are no {what}.")
    return shapes[0] if len(shapes) == 1 else shapes


def _fixed(parameters: Parameters) -> int:
    return parameters.total - parameters.trainable


# By their names.


def _input_shape(graph: ModelGraph) -> Any:
    calls = graph.graph
    found = [tensor.shape for id_ in calls.inputs for tensor in calls[id_].outputs]
    return _one_or_all(found, "inputs")


def _output_shape(graph: ModelGraph) -> Any:
    calls = graph.graph
    found = [calls[port.call].outputs[port.index].shape for port in calls.outputs]
    return _one_or_all(found, "outputs")


#: The values of models.
MODEL: Mapping[str, Callable[[ModelGraph], Any]] = {
    "params": lambda graph: graph.parameters.total,
    "trainable_params": lambda graph: graph.parameters.trainable,
    "non_trainable_params": lambda graph: _fixed(graph.parameters),
    "size": _model_size,
    "flops": _model_flops,
    "layers": lambda graph: graph.layers,
    "depth": lambda graph: _depth(graph.graph),
    "calls": lambda graph: _calls(graph.graph),
    "input_shape": _input_shape,
    "output_shape": _output_shape,
    "name": lambda graph: graph.name,
    "class": lambda graph: graph.qualname.rpartition(".")[2],
}


def _call_size(call: Call) -> int:
    inside = [] if call.body is None else list(call.body.walk())
    return _size([("", call), *inside], call.parameters.total)


def _calls_inside(call: Call) -> int:
    if call.opaque:
        raise _unknown("number of calls", [("", call)])
    return 1 if call.body is None else _calls(call.body)


#: Those in which the calls of a layer may differ.
SHAPES = frozenset({"input_shape", "output_shape"})
#: The values of layers, FLOPs aside; what else is asked for is looked for in the configuration.
LAYER: Mapping[str, Callable[[Call], Any]] = {
    "params": lambda call: call.parameters.total,
    "trainable_params": lambda call: call.parameters.trainable,
    "non_trainable_params": lambda call: _fixed(call.parameters),
    "size": _call_size,
    "calls": _calls_inside,
    "input_shape": lambda call: _one_or_all([one.shape for one in call.inputs], "inputs"),
    "output_shape": lambda call: _one_or_all([one.shape for one in call.outputs], "outputs"),
    "name": lambda call: call.name,
    "class": lambda call: call.class_name,
}
