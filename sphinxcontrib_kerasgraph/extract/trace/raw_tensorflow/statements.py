"""The statements of Python's that autograph converts, recorded as calls of control flow.

``if`` is drawn as ``tf.cond`` is, a loop as ``tf.while_loop``. What they hand on are the variables
that they assign and that the code reads later.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, replace
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.errors import why_opaque
from sphinxcontrib_kerasgraph.extract.read.pseudo import PseudoOperation
from sphinxcontrib_kerasgraph.extract.trace.control import CONTROL_FUNCTIONS
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.graph_frame import GraphFrame
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.stacked import stacked_arrays
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinxcontrib_kerasgraph.extract.read.recorded import Block
    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.autograph import (
        IfStatement,
        LoopStatement,
    )
    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph


class RecordedStatements:
    """Records statements while converted code runs in the graph."""

    def __init__(self, graph: SymbolicGraph) -> None:
        self._graph = graph
        #: The loop that TensorFlow is about to be asked for.
        self._loop: _Loop | None = None

    @property
    def _frame(self) -> GraphFrame | None:
        """Where statements are recorded that run now."""
        frame = self._graph.tracer.frame
        if not isinstance(frame, GraphFrame) or frame.graph is not self._graph:
            return None
        return None if self._graph.is_elsewhere() else frame

    def _run(self, frame: GraphFrame, original: Callable[[], Any]) -> _Run:
        """What TensorFlow makes of a statement."""
        start = self._graph.size()
        return _Run(frame, start, self._graph.tracer.suspended(original))

    # Conditions

    def if_statement(self, original: Callable[[], Any], statement: IfStatement) -> None:
        """Run ``if``, and record it with the variables that it assigns, and that are used later."""
        frame = self._frame
        if frame is None:
            original()
            return
        before = statement.get_state()

        def values(branch: Callable[[], None]) -> Sequence[Any]:
            statement.set_state(before)
            branch()
            made: Sequence[Any] = statement.get_state()[: statement.used]
            return made

        suspended = self._graph.tracer.suspended
        one, other = (
            suspended(values, branch) for branch in (statement.if_true, statement.if_false)
        )
        # Others are numbers that both branches make: that the function has returned, say.
        kept = [at for at, made in enumerate(one) if not _are_same_number(made, other[at])]

        def branch(run: Callable[[], None]) -> Callable[[], Any]:
            return lambda: [value for at, value in enumerate(values(run)) if at in kept]

        statement.set_state(before)
        run = self._run(frame, original)
        after = list(statement.get_state())
        after[: len(one)] = (after[at] if at in kept else made for at, made in enumerate(one))
        made = self._recorded_condition(
            replace(run, outputs=tuple(after[at] for at in kept)),
            statement.cond,
            branch(statement.if_true),
            branch(statement.if_false),
        )
        for at, value in zip(kept, made, strict=True):
            after[at] = value
        statement.set_state(tuple(after))

    def if_expression(
        self, original: Callable[[], Any], cond: Any, if_true: Any, if_false: Any
    ) -> Any:
        """Return ``one if condition else other``, and record it."""
        frame = self._frame
        if frame is None:
            return original()
        run = self._run(frame, original)
        return self._recorded_condition(run, cond, if_true, if_false)

    def _recorded_condition(self, run: _Run, cond: Any, if_true: Any, if_false: Any) -> Any:
        graph = self._graph

        def opened() -> Block:
            given = {
                "pred": graph.symbolic(cond),
                "true_fn": lambda: self._as_tensors(if_true()),
                "false_fn": lambda: self._as_tensors(if_false()),
            }
            return CONTROL_FUNCTIONS["cond"](graph.tracer, given)[0]

        return self._recorded(run, "cond", {"pred": cond}, opened)

    def both(self, original: Callable[[], Any], one: Any, other: Callable[[], Any]) -> Any:
        """Return ``one and other()``: as data, it doesn't matter that it stops at the first."""
        return original() if self._frame is None else one & other()

    def either(self, original: Callable[[], Any], one: Any, other: Callable[[], Any]) -> Any:
        """Return ``one or other()``."""
        return original() if self._frame is None else one | other()

    def negated(self, original: Callable[[], Any], one: Any) -> Any:
        """Return ``not one``."""
        return original() if self._frame is None else ~one

    # Loops

    def loop(self, original: Callable[[], Any], statement: LoopStatement) -> None:
        """Run a loop, and record it with its variables."""
        frame = self._frame
        if frame is None:
            original()
            return
        loop = _Loop(statement.symbols)
        before, self._loop = self._loop, loop
        try:
            run = self._run(frame, original)
        finally:
            self._loop = before
        after = list(statement.get_state())
        made = self._recorded(
            replace(run, outputs=tuple(after[at] for at in loop.order)),
            "while_loop",
            {"loop_vars": [loop.start[at] for at in loop.set]},
            lambda: self._opened_loop(loop),
        )
        for at, value in zip(loop.order, made, strict=True):
            after[at] = value
        statement.set_state(tuple(after))

    def while_loop(
        self, original: Callable[[], Any], test: Any, body: Any, variables: Sequence[Any]
    ) -> Any:
        """What a loop comes to; noted is what TensorFlow is asked for."""
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.note(test, body, variables)
        return original()

    def unset_variables(self, original: Callable[[], Any], flags: Sequence[bool]) -> Any:
        """Values for variables that have none before the loop, found by running its body once."""
        loop, self._loop = self._loop, None
        try:
            return original()
        finally:
            self._loop = loop
            if loop is not None:
                loop.note_unset(flags)

    def _opened_loop(self, loop: _Loop) -> Block:
        """The block of a loop, whose functions take the variables that have values before it."""
        graph = self._graph

        def on_set_variables(function: Any) -> Any:
            def wrapper(*given: Any) -> Any:
                values = list(loop.start)
                for at, value in zip(loop.set, given, strict=True):
                    values[at] = value
                return function(*values)

            wrapper.__signature__ = _signature([loop.symbols[at] for at in loop.set])  # type: ignore[attr-defined]
            return wrapper

        def body(*values: Any) -> Any:
            made = loop.body(*values)
            return [self._as_tensors(made[at]) for at in loop.order]

        given = stacked_arrays(
            graph.tf,
            {
                "cond": on_set_variables(loop.test),
                "body": on_set_variables(body),
                "loop_vars": [loop.start[at] for at in loop.set],
            },
        )
        given |= {"loop_vars": keras.tree.map_structure(graph.symbolic, given["loop_vars"])}
        return CONTROL_FUNCTIONS["while_loop"](graph.tracer, given)[0]

    # Both

    def _recorded(self, run: _Run, name: str, given: Any, opened: Callable[[], Block]) -> Any:
        """What has been made, recorded as a call of control flow, if it is of any use."""
        block, opaque = None, None
        try:
            block = opened()
        except RecursionError:
            raise
        except Exception as error:
            opaque = why_opaque(error)
        outputs = run.outputs
        if block is not None and isinstance(outputs, tuple) and not outputs and not _calls(block):
            return outputs
        return run.frame.recorded(
            PseudoOperation("tf", name, CallKind.CONTROL),
            (),
            given,
            lambda: outputs,
            start=run.start,
            block=block,
            opaque=opaque,
        )

    def _as_tensors(self, values: Any) -> Any:
        """The values, with tensors for numbers."""
        return keras.tree.map_structure(
            lambda value: self._graph.tf.constant(value) if _is_number(value) else value, values
        )


@dataclass(frozen=True)
class _Run:
    """A statement that TensorFlow has run."""

    frame: GraphFrame
    #: Number of operations in the graph before.
    start: int
    #: What it handed on.
    outputs: Any


class _Loop:
    """What TensorFlow is asked for where a loop is to run."""

    def __init__(self, symbols: Sequence[str]) -> None:
        """``symbols`` are the names of the variables."""
        self.symbols = symbols
        #: The places of those that have values before the loop.
        self.set = list(range(len(symbols)))
        #: Values before the loop; and functions of all variables, and of nothing else.
        self.start: Sequence[Any] = ()
        self.test: Any = None
        self.body: Any = None

    def note(self, test: Any, body: Any, variables: Sequence[Any]) -> None:
        """Note what TensorFlow is asked for.

        With variables that are unset, autograph has one more, whether the body has run.
        """
        if len(variables) == len(self.symbols):
            self.test, self.body, self.start = test, body, variables
            return
        ran, *self.start = variables
        self.test = lambda *given: test(ran, *given)
        self.body = lambda *given: body(ran, *given)[1:]

    def note_unset(self, flags: Sequence[bool]) -> None:
        """Note for each of the variables whether it has no value before the loop.

        The body assigns them before it takes them: autograph has run it once without.
        """
        self.set = [at for at, is_unset in enumerate(flags) if not is_unset]

    @property
    def order(self) -> list[int]:
        """The places of the variables, those first that have values before the loop."""
        return sorted(range(len(self.symbols)), key=lambda at: at not in self.set)


def _signature(symbols: Sequence[str]) -> inspect.Signature:
    """Parameters of the names of variables, or of attributes and items."""
    names: list[str] = []
    for symbol in symbols:
        word = re.sub(r"\W+", "_", symbol.strip("<>"))
        is_free = word.isidentifier() and not iskeyword(word) and word not in names
        names.append(word if is_free else f"variable_{len(names)}")
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Signature([inspect.Parameter(name, kind) for name in names])


def _calls(block: Block) -> bool:
    """Whether something is called in a block of functions."""
    return any(
        call.kind not in {CallKind.FUNCTION, CallKind.MERGE} for _, call in block.body.walk()
    )


def _are_same_number(one: Any, other: Any) -> bool:
    return _is_number(one) and type(one) is type(other) and bool(one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float)
