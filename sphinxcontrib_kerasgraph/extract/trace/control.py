"""Control flow: blocks whose functions are blocks inside.

By the arguments of the function that the author calls: one of `keras.ops` or, in a graph of
TensorFlow, one of `tf`.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.arguments import bound
from sphinxcontrib_kerasgraph.extract.read.pseudo import (
    Function,
    PseudoOperation,
    Select,
    class_name,
)
from sphinxcontrib_kerasgraph.extract.read.recorded import Block, RecordedCall, recorded, tensors_in
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinxcontrib_kerasgraph.extract.trace.protocol import Opener, Tracing

Arguments = dict[str, Any]


def opener_of(operation: keras.Operation) -> Opener | None:
    """How what is inside a call of the operation is traced; ``None`` if it is no control flow."""
    if isinstance(operation, ControlFlow):
        return _open_function
    cls = type(operation)
    is_control = cls.__module__.startswith("keras.") and cls.__name__ in _CONTROL_OPERATIONS
    return _open_operation if is_control else None


def _open_cond(tracer: Tracing, given: Arguments) -> tuple[Block, Any]:
    functions = [(name, given[name], ()) for name in ("true_fn", "false_fn")]
    return _one_of(tracer, "pred", given["pred"], functions)


def _open_switch(tracer: Tracing, given: Arguments) -> tuple[Block, Any]:
    index = _either(given, "index", "branch_index")
    branches = _either(given, "branches", "branch_fns")
    # tf.switch_case takes a list of functions, or of pairs, or a dict.
    placed = branches.items() if isinstance(branches, dict) else enumerate(branches)
    functions = []
    for place, branch in placed:
        at, function = branch if isinstance(branch, tuple) else (place, branch)
        functions.append((f"branch_{at}", function, given.get("operands", ())))
    if given.get("default") is not None:
        functions.append(("default", given["default"], ()))
    return _one_of(tracer, "index", index, functions)


def _one_of(tracer: Tracing, name: str, which: Any, functions: Any) -> tuple[Block, Any]:
    """One of several functions, as ``which`` tells."""
    made = [_function(tracer, name, function, given) for name, function, given in functions]
    calls = [call for call, _ in made]
    outputs = tracer.unmade(made[0][1])
    joined = [*tensors_in(which), *(tensor for call in calls for tensor in call.outputs)]
    names = [name] * len(tensors_in(which)) + [
        label for (label, _, _), call in zip(functions, calls, strict=True) for _ in call.outputs
    ]
    select = recorded(Select(), joined, {}, outputs, names=tuple(names))
    given = {id(tensor): tensor for *_, given in functions for tensor in tensors_in(given)}
    inputs = [*tensors_in(which), *given.values()]
    # Where branches hand on nothing, none of what they have done is selected.
    joins = [select] if select.outputs else []
    body, captured = tracer.read_body([*calls, *joins], inputs, select.outputs)
    return Block(body, (*inputs, *captured)), tracer.unmade(outputs)


def _open_while(tracer: Tracing, given: Arguments) -> tuple[Block, Any]:
    """The condition and the body, on the variables of one step."""
    loop_vars = given["loop_vars"]
    several = isinstance(loop_vars, list | tuple)
    start = loop_vars if several else [loop_vars]
    loop = _Loop(tracer, start)
    condition, _ = _function(tracer, "cond", given["cond"], loop.variables)
    step, outputs = _function(tracer, "body", given["body"], loop.variables)
    if not several and isinstance(outputs, list | tuple):
        [outputs] = outputs
    return loop.block([condition, step], step.outputs), tracer.unmade(outputs)


def _open_fori(tracer: Tracing, given: Arguments) -> tuple[Block, Any]:
    loop = _Loop(tracer, [given["init_val"]])
    index = tracer.new((), "int32")
    bounds = (given["lower"], given["upper"])
    if any(bound is None for bound in bounds):
        raise TypeError("the number of steps isn't known")
    if all(type(bound) is int for bound in bounds):
        tracer.origins.note_constant(index, range(*bounds))
    else:
        tracer.origins.note_constant(index, "lower … upper")
    step, outputs = _function(tracer, "body_fun", given["body_fun"], (index, *loop.variables))
    return loop.block([step], step.outputs), tracer.unmade(outputs)


def _open_scan(tracer: Tracing, given: Arguments) -> tuple[Block, Any]:
    """``keras.ops.scan``, whose function returns what it carries, and an output; or ``tf.scan``."""
    is_tf = "elems" in given
    initial = given.get("initializer") if is_tf else given["init"]
    sequences = given["elems"] if is_tf else given.get("xs")
    item = keras.tree.map_structure(lambda value: without_axis(tracer, value, 0), sequences)
    # Without an initializer, tf.scan starts with the first item.
    from_items = is_tf and initial is None
    loop = _Loop(tracer, [sequences if from_items else initial], from_items)
    step, made = _function(tracer, "f", _either(given, "f", "fn"), (*loop.variables, item))
    block = loop.block([step], step.outputs, tensors_in(item), tensors_in(sequences))
    length = given.get("length")
    if length is None:
        length = tensors_in(sequences)[0].shape[0]
    if is_tf:
        return block, _with_axis(tracer, made, length)
    after, stacked = made
    return block, (tracer.unmade(after), _with_axis(tracer, stacked, length))


def _open_map(tracer: Tracing, given: Arguments) -> tuple[Block, Any]:
    function = _either(given, "f", "function", "fn")
    sequences = _either(given, "xs", "elements", "elems")
    item = keras.tree.map_structure(lambda value: without_axis(tracer, value, 0), sequences)
    step, made = _function(tracer, "f", function, (item,))
    body, captured = tracer.read_body([step], tensors_in(item), step.outputs)
    length = tensors_in(sequences)[0].shape[0]
    return Block(body, (*tensors_in(sequences), *captured)), _with_axis(tracer, made, length)


#: By the name of the function.
CONTROL_FUNCTIONS: dict[str, Callable[[Tracing, Arguments], tuple[Block, Any]]] = {
    "cond": _open_cond,
    "fori_loop": _open_fori,
    "map": _open_map,
    "map_fn": _open_map,
    "scan": _open_scan,
    "switch": _open_switch,
    "switch_case": _open_switch,
    "vectorized_map": _open_map,
    "while_loop": _open_while,
}

#: By the name of the operation that `keras.ops` records.
_CONTROL_OPERATIONS = {
    "Cond": "cond",
    "ForiLoop": "fori_loop",
    "Map": "map",
    "Scan": "scan",
    "Switch": "switch",
    "VectorizedMap": "vectorized_map",
    "WhileLoop": "while_loop",
}


def _open_operation(tracer: Tracing, operation: Any, args: Any, kwargs: Any) -> tuple[Block, Any]:
    """Control flow of `keras.ops`; what it isn't called with, it was made with."""
    name = _CONTROL_OPERATIONS[type(operation).__name__]
    given = vars(operation) | bound(operation.call, args, kwargs)
    return CONTROL_FUNCTIONS[name](tracer, given)


class ControlFlow(PseudoOperation):
    """A call of a function of `keras.ops`; not all releases of Keras have an operation for each."""

    def __init__(self, name: str) -> None:
        super().__init__("keras.ops", class_name(name), CallKind.CONTROL)
        self.function = name


def _open_function(
    tracer: Tracing, operation: ControlFlow, _args: Any, kwargs: Any
) -> tuple[Block, Any]:
    return CONTROL_FUNCTIONS[operation.function](tracer, kwargs)


class _Loop:
    """The variables of a loop: tensors that stand for them in one step."""

    def __init__(self, tracer: Tracing, start: Any, is_items: bool = False) -> None:
        """``start`` are its values before the first step; or sequences, whose first items are."""
        self._tracer = tracer
        self._start = keras.tree.flatten(start)
        made = (
            (lambda value: without_axis(tracer, value, 0))
            if is_items
            else (lambda value: _variable(tracer, value))
        )
        self.variables = tuple(keras.tree.map_structure(made, one) for one in start)

    def block(
        self,
        calls: list[RecordedCall],
        outputs: Any,
        items: Any = (),
        sequences: Any = (),
    ) -> Block:
        """The block of these calls, whose first outputs become the variables of the next step.

        ``items`` stand for what one step takes of the ``sequences``.
        """
        flat = tensors_in(self.variables)
        carried: dict[Any, Any] = dict(zip(map(history.tensor_key, flat), outputs, strict=False))
        started = []
        for variable, value in zip(flat, self._start, strict=True):
            if isinstance(value, keras.KerasTensor):
                started.append((variable, value))
            else:
                self._tracer.origins.note_constant(variable, value)
        inputs = [*(variable for variable, _ in started), *items]
        body, captured = self._tracer.read_body(calls, inputs, outputs, carried)
        return Block(body, (*(value for _, value in started), *sequences, *captured))


def _function(tracer: Tracing, name: str, function: Any, args: Any) -> tuple[RecordedCall, Any]:
    """A call of a function, as a block of its own; and what it returned."""
    block, outputs = tracer.block(_tensors_from(function), args)
    call = recorded(
        Function(name),
        args,
        {},
        outputs,
        block=block,
        names=tuple(_parameter_names(function, args)),
    )
    return call, outputs


def _tensors_from(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with arrays for numbers that it returns: branches may return such."""

    def wrapper(*args: Any) -> Any:
        return keras.tree.map_structure(
            lambda value: np.asarray(value) if isinstance(value, int | float) else value,
            function(*args),
        )

    return wrapper


def _parameter_names(function: Any, args: Any) -> list[str | None]:
    """For each tensor among the arguments, the name of the parameter."""
    try:
        parameters: list[str | None] = [*inspect.signature(function).parameters]
    except (TypeError, ValueError):
        parameters = []
    parameters += [None] * len(args)
    return [name for name, value in zip(parameters, args, strict=False) for _ in tensors_in(value)]


def _either(given: Arguments, *names: str) -> Any:
    return next(given[name] for name in names if name in given)


def _variable(tracer: Tracing, value: Any) -> Any:
    """A tensor that stands for a variable of a loop, whatever it starts as."""
    if isinstance(value, keras.KerasTensor):
        return tracer.stand_in(value)
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return tracer.new(value.shape, keras.backend.standardize_dtype(value.dtype))
    if isinstance(value, bool | int | float):
        dtype = {bool: "bool", int: "int32", float: keras.config.floatx()}[type(value)]
        return tracer.new((), dtype)
    return value


def _with_axis(tracer: Tracing, outputs: Any, length: int | None) -> Any:
    return keras.tree.map_structure(
        lambda value: tracer.new((length, *value.shape), value.dtype), outputs
    )


def without_axis(tracer: Tracing, value: Any, axis: int) -> Any:
    """One of the items along the axis."""
    if not isinstance(value, keras.KerasTensor):
        return value
    return tracer.new((*value.shape[:axis], *value.shape[axis + 1 :]), value.dtype)
