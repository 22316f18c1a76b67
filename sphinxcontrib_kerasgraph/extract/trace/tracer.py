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

from sphinxcontrib_kerasgraph.extract.errors import why_opaque
from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.plain import plain_text
from sphinxcontrib_kerasgraph.extract.read.recorded import Block, RecordedCall, tensors_in
from sphinxcontrib_kerasgraph.extract.trace.openers import is_open_call, opener_of
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow import funcgraph
from sphinxcontrib_kerasgraph.extract.trace.recording import Entered, Frame
from sphinxcontrib_kerasgraph.extract.trace.unknown_sizes import (
    SIZES,
    DifferentCallsError,
    Sizes,
    merged_blocks,
    merged_outputs,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.extract.trace.openers import Opener
    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.funcgraph import GraphFrame, GraphRun
    from sphinxcontrib_kerasgraph.graph import CallGraph

    BodyReader = Callable[..., tuple[CallGraph, tuple[keras.KerasTensor, ...]]]


class Tracer:
    """Traces blocks. ``read_body`` makes a `CallGraph` of recorded calls."""

    def __init__(self, read_body: BodyReader) -> None:
        self.read_body = read_body
        #: The model that is extracted, which is opened whatever is inside.
        self.root: keras.Model | None = None
        self._stack: list[Frame | GraphFrame | Entered | None] = []
        #: The graph in which code runs that uses raw TensorFlow.
        self._run: GraphRun | None = None
        self._sizes: Sizes | None = None
        #: What stands for a constant that a layer is given, and its value.
        self.constants: dict[int, Any] = {}
        #: Of which tensors others were made by what isn't drawn: casts by Keras, raw operations.
        self._sources: dict[int, keras.KerasTensor] = {}
        self._casts: dict[int, keras.KerasTensor] = {}
        #: Keras's own records of the calls.
        self.nodes: list[Any] = []
        self._thread = threading.get_ident()
        #: Which way an operation's inside was traced, and why it couldn't be, so that a layer in
        #: layers that are tried in several ways is itself tried once.
        self._ways: dict[int, tuple[Opener, tuple[Sizes | None, ...]]] = {}
        self._failures: dict[Any, Exception] = {}
        #: Whether a block around has sizes that aren't known, and is still to be traced with some:
        #: what fails inside may do then.
        self.sizes_may_help = False
        #: Why the inside of `root` couldn't be traced.
        self.root_error: Exception | None = None
        self._alive: list[Any] = []  # so that no two tensors have one id

    # What openers call.

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
        if self._run is not None:
            return self._run.block(function, args, kwargs)
        given: list[keras.KerasTensor] = []
        inner: list[keras.KerasTensor] = []
        args, kwargs = self._stand_ins((tuple(args), kwargs or {}), given, inner)
        calls, outputs = self.record(function, args, kwargs)
        outputs = keras.tree.map_structure(self.as_symbolic, outputs)
        body, captured = self.read_body(calls, inner, tensors_in(outputs))
        return Block(body, (*given, *captured), _made_by(calls)), self.unmade(outputs)

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
        return made

    def new(self, shape: Sequence[int | None], dtype: str, **kwargs: Any) -> keras.KerasTensor:
        """A symbolic tensor."""
        tensor = keras.KerasTensor(tuple(shape), dtype=dtype, **kwargs)
        self._alive.append(tensor)
        return tensor

    def as_symbolic(self, value: Any) -> Any:
        """A symbolic tensor in place of an array; any other value as it is."""
        if isinstance(value, keras.KerasTensor) or not _is_array(value):
            return value
        tensor = self.new(value.shape, keras.backend.standardize_dtype(value.dtype))
        self.constants[id(tensor)] = value
        return tensor

    def unmade(self, outputs: Any) -> Any:
        """The same structure of tensors that no call has made yet."""
        return keras.tree.map_structure(
            lambda value: (
                self.new(value.shape, value.dtype)
                if isinstance(value, keras.KerasTensor)
                else value
            ),
            outputs,
        )

    def came_from(
        self, tensor: keras.KerasTensor, source: keras.KerasTensor, *, cast: bool = False
    ) -> None:
        """Note that a tensor is made of another one by what isn't drawn; or is but a cast of it."""
        self._alive.append(tensor)
        self._sources[id(tensor)] = source
        if cast:
            self._casts[id(tensor)] = source

    def given(self, tensor: keras.KerasTensor) -> keras.KerasTensor:
        """The tensor that a call made or that a block was given, of which this one was made."""
        return _followed(tensor, self._sources)

    def uncast(self, tensor: keras.KerasTensor) -> keras.KerasTensor:
        """The tensor that the author's code gave, of which Keras made this one."""
        return _followed(tensor, self._casts)

    def trace(
        self, opener: Opener, operation: keras.Operation, args: Any, kwargs: Any
    ) -> tuple[Block, Any]:
        """What is inside the call, and its outputs. Raises what the code inside raises.

        Code that computes with a size that isn't known beforehand fails; it is traced with two
        different sizes, and what differs is unknown.
        """
        given = tensors_in((args, kwargs))
        others = (
            (leaf.shape, leaf.dtype) if isinstance(leaf, keras.KerasTensor) else plain_text(leaf)
            for leaf in keras.tree.flatten((args, kwargs))
        )
        key = (id(operation), self._sizes, *others)
        if key in self._failures:
            raise self._failures[key]
        unknown = any(None in tensor.shape for tensor in given)
        pairs = SIZES if unknown and self._sizes is None else ()
        openers = [opener]
        if is_open_call(opener) and funcgraph.is_usable() and self._run is None:
            openers.append(_graph_opener)
        ways = [(way, pair) for way in openers for pair in ((None,), *pairs)]
        known = self._ways.get(id(operation))
        errors: list[Exception] = []
        for way, pair in sorted(ways, key=lambda one: one != known):
            if way is opener and errors and _is_raw_tensorflow(errors[-1]):
                continue  # no other size would help
            before, self.sizes_may_help = self.sizes_may_help, bool(pairs) and pair == (None,)
            try:
                made = self._in_sizes(pair, way, operation, args, kwargs)
            except RecursionError:
                raise
            except Exception as error:
                errors.append(error)
            else:
                self._alive.append(operation)
                self._ways[id(operation)] = (way, pair)
                return made
            finally:
                self.sizes_may_help = before
        different = (error for error in errors if isinstance(error, DifferentCallsError))
        self._alive.append(operation)
        self._failures[key] = next(different, errors[-1])
        raise self._failures[key]

    def _in_sizes(
        self,
        pair: tuple[Sizes | None, ...],
        opener: Opener,
        operation: keras.Operation,
        args: Any,
        kwargs: Any,
    ) -> tuple[Block, Any]:
        """What the opener gives with each of the sizes, merged into one."""
        before = self._sizes
        made = []
        try:
            for sizes in pair:
                self._sizes = sizes or before
                made.append(opener(self, operation, args, kwargs))
        finally:
            self._sizes = before
        (block, outputs), *others = made
        if not others:
            return block, outputs
        given = tensors_in((args, kwargs))
        unknown = [at for at, tensor in enumerate(given) if None in tensor.shape]
        sized = unknown[0] if is_open_call(opener) and len(unknown) == 1 else None
        for other, more in others:
            block = merged_blocks(block, other, sized)
            outputs = merged_outputs(self.new, outputs, more)
        return block, outputs

    @contextlib.contextmanager
    def in_graph(self, run: GraphRun | None) -> Iterator[None]:
        """Trace in a TensorFlow graph meanwhile."""
        before, self._run = self._run, run
        try:
            yield
        finally:
            self._run = before

    def opened(self, call: RecordedCall) -> RecordedCall:
        """A call that was recorded elsewhere, with its block: made again, to see what is inside."""
        operation = call.operation
        opener = opener_of(operation)
        if opener is None or call.block is not None or call.opaque is not None:
            return call
        if not isinstance(operation, keras.Layer):
            try:
                block, _ = self.trace(opener, operation, call.args, call.kwargs)
            except Exception as error:
                return replace(call, opaque=why_opaque(error))
            return replace(call, block=block)
        outer: list[keras.KerasTensor] = []
        inner: list[keras.KerasTensor] = []
        args, kwargs = self._stand_ins((call.args, call.kwargs), outer, inner)
        try:
            made, _ = self.record(operation, args, kwargs)
        except Exception as error:
            return replace(call, opaque=why_closed(operation, error))
        again = next(one for one in made if one.operation is operation)
        if again.block is None:
            return replace(call, opaque=again.opaque)
        given = {id(stand_in): tensor for stand_in, tensor in zip(inner, outer, strict=True)}
        sources = map(self.uncast, again.block.sources)
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
    def pushed(self, item: Frame | GraphFrame | Entered | None) -> Iterator[None]:
        """Record in the frame meanwhile; nowhere for ``None``."""
        self._stack.append(item)
        try:
            yield
        finally:
            self._stack.pop()

    @property
    def top(self) -> Frame | GraphFrame | Entered | None:
        """What was pushed last."""
        return self._stack[-1] if self._stack else None

    @property
    def frame(self) -> Frame | GraphFrame | None:
        """Where calls are recorded that are made now; another thread's aren't."""
        if threading.get_ident() != self._thread:
            return None
        top = self.top
        if isinstance(top, Entered):
            return top.frame if top.called else None
        return top


def _made_by(calls: Sequence[RecordedCall]) -> frozenset[tuple[int, int, int]]:
    """The keys of what the calls made, and those inside them."""
    made = {history.tensor_key(tensor) for call in calls for tensor in call.outputs}
    return frozenset(made.union(*(call.block.made for call in calls if call.block)))


def _followed(
    tensor: keras.KerasTensor, sources: Mapping[int, keras.KerasTensor]
) -> keras.KerasTensor:
    while id(tensor) in sources:
        tensor = sources[id(tensor)]
    return tensor


def _graph_opener(tracer: Tracer, layer: Any, args: Any, kwargs: Any) -> tuple[Block, Any]:
    return funcgraph.graph_block(tracer, layer.call, args, kwargs)


def _is_raw_tensorflow(error: Exception) -> bool:
    """Whether code gave a symbolic tensor to TensorFlow: no other size would help."""
    return "KerasTensor" in str(error) and "TensorFlow" in str(error)


def _is_array(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype") and not callable(value)


def why_closed(layer: keras.Layer, error: Exception) -> str | None:
    """Why it isn't known which layers a layer calls; ``None`` if it has none."""
    return why_opaque(error) if len(history.layers_in(layer)) > 1 else None
