"""Runs a layer's own code on symbolic tensors, and records every call that it makes.

Keras itself infers the shapes of a composite layer by running it in the backend, where its calls
leave no record. While a trace is on, `hooks.KerasHooks` has it run on symbolic tensors instead.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.arguments import as_keras_takes_them
from sphinxcontrib_kerasgraph.extract.read.call_reader import CallReader
from sphinxcontrib_kerasgraph.extract.read.origins import Origins, is_array
from sphinxcontrib_kerasgraph.extract.read.plain import plain_text
from sphinxcontrib_kerasgraph.extract.read.recorded import Block, RecordedCall, tensors_in
from sphinxcontrib_kerasgraph.extract.trace.conversion import Conversion
from sphinxcontrib_kerasgraph.extract.trace.known_numbers import KnownNumbers
from sphinxcontrib_kerasgraph.extract.trace.openers import is_worth_opening, why_closed
from sphinxcontrib_kerasgraph.extract.trace.recording import Attempt, Entered, Frame
from sphinxcontrib_kerasgraph.extract.trace.tries import Tries
from sphinxcontrib_kerasgraph.extract.trace.unknown_sizes import (
    SHORT,
    DifferentCallsError,
    Sizes,
    merged_blocks,
    merged_outputs,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.extract.read.history import TensorKey
    from sphinxcontrib_kerasgraph.extract.trace.protocol import (
        OtherFrame,
        Recording,
        Runner,
        Way,
        WaysOf,
    )
    from sphinxcontrib_kerasgraph.extract.trace.tries import Pair
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph


class Tracer:
    """Traces blocks, in the ways that it is given, and reads what it has traced."""

    def __init__(
        self,
        ways_of: WaysOf,
        root: keras.Layer,
        parts: Iterable[keras.Layer] = (),
        training: bool | None = None,
    ) -> None:
        """``root`` is what is extracted; or of what it holds only ``parts``, if there are any.

        ``training`` is the mode that is asked for; Functional models call their layers in it.
        """
        self.ways_of = ways_of
        self.root = root
        #: What is opened whatever is inside.
        self._drawn = {id(one) for one in (root, *parts)}
        #: Why its inside couldn't be traced.
        self.root_error: Exception | None = None
        #: What was met in the first way that was tried.
        self.first_error: Exception | None = None
        self._training = training
        self.origins = Origins()
        self.reader = CallReader(self.origins, self._opened_in_mode)
        self._stack: list[Recording] = []
        #: What runs blocks in place of the tracer.
        self._runner: Runner | None = None
        self._sizes: Sizes | None = None
        self._thread = threading.get_ident()
        self._tries = Tries()
        self.numbers = KnownNumbers()
        self.conversion = Conversion()
        self._alive: list[Any] = []  # so that no two tensors have one id
        #: The layer whose ``call`` is about to be run as the inside of a call of it.
        self.entering: keras.Layer | None = None
        self._inside: list[keras.Layer] = []

    def forget_error(self) -> None:
        """Forget why the inside of the root couldn't be traced: it is called in another way."""
        self.root_error = self.first_error = None

    def record(
        self, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[list[RecordedCall], Any]:
        """Run the function; return the calls that it made, and what it returned."""
        frame = Frame()
        with self.pushed(frame):
            outputs = function(*args, **kwargs)
        return frame.calls, outputs

    def block(
        self,
        function: Callable[..., Any],
        args: Sequence[Any],
        kwargs: Mapping[str, Any] | None = None,
    ) -> tuple[Block, Any]:
        """Run the function on tensors that stand for the given ones; return what was inside.

        And what it returned, as tensors that no call has made yet.
        """
        if self._runner is not None:
            return self._runner.block(function, args, kwargs)
        given: list[keras.KerasTensor] = []
        inner: list[keras.KerasTensor] = []
        args, kwargs = self._stand_ins((tuple(args), kwargs or {}), given, inner)
        calls, outputs = self.record(function, args, kwargs)
        outputs = keras.tree.map_structure(self.as_symbolic, outputs)
        body, captured = self.read_body(calls, inner, tensors_in(outputs))
        return Block(body, (*given, *captured), history.made_by(calls)), self.unmade(outputs)

    def read_body(
        self,
        calls: Sequence[RecordedCall],
        inputs: Sequence[keras.KerasTensor],
        outputs: Sequence[keras.KerasTensor],
        carried: Mapping[TensorKey, keras.KerasTensor] | None = None,
    ) -> tuple[CallGraph, tuple[keras.KerasTensor, ...]]:
        """The graph of a block's calls, and the tensors that it takes from outside."""
        return self.reader.body(calls, inputs, outputs, carried)

    def operation_of(self, call: Call) -> keras.Operation:
        """What is called by a call of a graph that was read."""
        return self.reader.book.operation(call)

    def code_of(self, layer: keras.Layer) -> Callable[..., Any]:
        """The layer's ``call``, to be run as the inside of a call of the layer."""

        def code(*args: Any, **kwargs: Any) -> Any:
            self._inside.append(layer)
            self.entering = layer
            try:
                return layer.call(*args, **kwargs)
            finally:
                self.entering = None
                self._inside.pop()

        return code

    @property
    def owner(self) -> keras.Layer | None:
        """The layer whose code runs."""
        return self._inside[-1] if self._inside else None

    def suspended(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run the function without recording."""
        with self.pushed(None):
            return function(*args, **kwargs)

    def stand_in(self, tensor: keras.KerasTensor) -> keras.KerasTensor:
        """A tensor like the given one, for the code inside a block; sizes may be made known."""
        shape = self._sizes.known(tensor.shape) if self._sizes else tuple(tensor.shape)
        made = self.new(shape, tensor.dtype, sparse=getattr(tensor, "sparse", False))
        mask = history.mask_of(tensor)
        if mask is not None:
            history.attach_mask(made, mask)
        self.numbers.hand_on(tensor, made)
        return made

    def new(self, shape: Sequence[int | None], dtype: str, **kwargs: Any) -> keras.KerasTensor:
        """A symbolic tensor."""
        tensor = keras.KerasTensor(tuple(shape), dtype=dtype, **kwargs)
        self._alive.append(tensor)
        return tensor

    def weight(self, variable: keras.Variable) -> keras.KerasTensor:
        """The symbolic tensor that stands for a weight; or what the code has assigned to it."""
        frame = self.frame
        if isinstance(frame, Frame) and id(variable) in frame.assigned:
            return frame.assigned[id(variable)]
        return self.origins.weight(variable)

    def as_symbolic(self, value: Any) -> Any:
        """A symbolic tensor in place of an array; any other value as it is."""
        return self.origins.array(value) if is_array(value) else value

    def unmade(self, outputs: Any) -> Any:
        """The same structure of tensors that no call has made yet."""

        def other(value: Any) -> Any:
            if not isinstance(value, keras.KerasTensor):
                return value
            made = self.new(value.shape, value.dtype)
            self.numbers.hand_on(value, made)
            return made

        return keras.tree.map_structure(other, outputs)

    def trace(
        self, ways: Sequence[Way], operation: keras.Operation, args: Any, kwargs: Any
    ) -> tuple[Block, Any]:
        """What is inside the call, and its outputs. Raises what the code inside raises.

        Code that computes with a size that isn't known beforehand fails; it is traced with two
        different sizes, and what differs is unknown.
        """
        others = (
            (leaf.shape, leaf.dtype) if isinstance(leaf, keras.KerasTensor) else plain_text(leaf)
            for leaf in keras.tree.flatten((args, kwargs))
        )
        # A list of two tensors is another call than two tensors.
        form = (len(args), *kwargs)
        unknown = any(None in tensor.shape for tensor in tensors_in((args, kwargs)))
        if self._runner is not None:  # which runs in its own way
            ways = ways[:1]
        try:
            return self._tries.first(
                ways,
                operation,
                (self._sizes, *form, *others),
                lambda pair, way: self._in_sizes(pair, way, operation, args, kwargs),
                with_sizes=unknown and self._sizes is None,
            )
        except Exception:
            if id(operation) in self._drawn:
                self.first_error = self._tries.first_failure
            raise

    def attempt(
        self, ways: Sequence[Way], operation: keras.Operation, args: Any, kwargs: Any
    ) -> Attempt:
        """As `trace`; raises nothing but what is to be tried again with what is around the call."""
        if not ways:
            return Attempt()
        try:
            block, outputs = self._trace_arrays_too(ways, operation, args, kwargs)
        except Exception as error:
            if self._tries.defers(error):
                raise
            if id(operation) in self._drawn:
                self.root_error = error
            known = self.unmade(getattr(error, "outputs", None))
            return Attempt(None, why_closed(operation, error), known)
        opens = id(operation) in self._drawn or is_worth_opening(operation, block.body)
        return Attempt(block if opens else None, None, outputs)

    def _trace_arrays_too(
        self, ways: Sequence[Way], operation: keras.Operation, args: Any, kwargs: Any
    ) -> tuple[Block, Any]:
        """As `trace`; arrays are arrays for code that can't do with tensors in their place."""
        try:
            return self.trace(ways, operation, args, kwargs)
        except Exception as error:
            arrays = self.origins.with_arrays((args, kwargs))
            if arrays is None or isinstance(error, RecursionError):
                raise
            return self.trace(ways, operation, *arrays)

    def _in_sizes(
        self,
        pair: Pair,
        way: Way,
        operation: keras.Operation,
        args: Any,
        kwargs: Any,
    ) -> tuple[Block, Any]:
        """What the way gives with each of the sizes, merged into one."""

        def made_with(sizes: Sizes | None) -> tuple[Block, Any]:
            before = self._sizes
            self._sizes = sizes or before
            try:
                return way.opener(self, operation, args, kwargs)
            finally:
                self._sizes = before

        first, *others = pair
        block, outputs = made_with(first)
        given = tensors_in((args, kwargs))
        unknown = [at for at, tensor in enumerate(given) if None in tensor.shape]
        sized = unknown[0] if way.reads_sizes and len(unknown) == 1 else None
        for sizes in others:
            other, more = None, None
            if first is not None and len(block.body.calls) >= first.other:
                with contextlib.suppress(Exception):  # too short for other reasons
                    other, more = made_with(SHORT)
            if other is None:
                other, more = made_with(sizes)
            before, outputs = outputs, merged_outputs(self.new, outputs, more)
            self.numbers.hand_on_same(before, more, outputs)
            try:
                block = merged_blocks(block, other, sized)
            except DifferentCallsError as error:
                error.outputs = outputs
                raise
        return block, outputs

    @contextlib.contextmanager
    def running(self, runner: Runner | None) -> Iterator[None]:
        """Have all blocks run by the runner meanwhile; by the tracer for ``None``."""
        before, self._runner = self._runner, runner
        try:
            yield
        finally:
            self._runner = before

    def _opened_in_mode(self, call: RecordedCall) -> RecordedCall:
        """A call of a Functional model, as `opened`.

        Keras notes the mode in which the call was recorded, and makes it again in that of the
        model.
        """
        if self._training is not None and isinstance(call.operation, keras.Layer):
            call = replace(call, kwargs=call.kwargs | {"training": self._training})
        return self.opened(call)

    def opened(self, call: RecordedCall) -> RecordedCall:
        """A call that was recorded elsewhere, with its block: made again, to see what is inside."""
        operation = call.operation
        ways = self.ways_of(operation)
        if not ways or call.block is not None or call.opaque is not None:
            return call
        if not isinstance(operation, keras.Layer):
            tried = self.attempt(ways, operation, call.args, call.kwargs)
            return replace(call, block=tried.block, opaque=tried.opaque)
        outer: list[keras.KerasTensor] = []
        inner: list[keras.KerasTensor] = []
        arguments = as_keras_takes_them(operation, call.args, call.kwargs)
        args, kwargs = self._stand_ins(arguments, outer, inner)
        try:
            made, _ = self.record(operation, args, kwargs)
        except Exception as error:
            opaque = why_closed(operation, error)
            if opaque is not None and self._tries.defers(error):
                raise
            return replace(call, opaque=opaque)
        again = next(one for one in made if one.operation is operation)
        if again.block is None:
            return replace(call, opaque=again.opaque)
        if len(again.outputs) != len(call.outputs):
            told = f"{len(call.outputs)} output" + "s" * (len(call.outputs) != 1)
            return replace(call, opaque=f"it tells Keras of {told}, and returns another number")
        given = {id(stand_in): tensor for stand_in, tensor in zip(inner, outer, strict=True)}
        sources = map(self.origins.uncast, again.block.sources)
        block = replace(again.block, sources=tuple(given.get(id(one), one) for one in sources))
        return replace(call, block=block)

    def _stand_ins(
        self, arguments: Any, outer: list[keras.KerasTensor], inner: list[keras.KerasTensor]
    ) -> Any:
        """The arguments with `stand_in` for each tensor; the pairs are added to the lists."""

        def stood_in(value: Any) -> Any:
            if not isinstance(value, keras.KerasTensor):
                return value
            outer.append(value)
            inner.append(self.stand_in(value))
            return inner[-1]

        return keras.tree.map_structure(stood_in, arguments)

    @contextlib.contextmanager
    def pushed(self, item: Recording) -> Iterator[None]:
        """Record in the frame meanwhile; nowhere for ``None``."""
        self._stack.append(item)
        try:
            yield
        finally:
            self._stack.pop()

    @property
    def top(self) -> Recording:
        """What was pushed last."""
        return self._stack[-1] if self._stack else None

    @property
    def is_tracing(self) -> bool:
        """Whether code runs for the tracer, recorded or not; another thread's doesn't."""
        return bool(self._stack) and threading.get_ident() == self._thread

    @property
    def frame(self) -> Frame | OtherFrame | None:
        """Where calls are recorded that are made now; another thread's aren't."""
        if threading.get_ident() != self._thread:
            return None
        top = self.top
        if isinstance(top, Entered):
            return top.frame if top.called else None
        return top
