"""The calls of a model of Keras 2, with what is inside them.

What `tf_keras.Input` makes goes through the code of a layer as it goes through that of a program:
each layer that is called records its call, and each function of TensorFlow's becomes a layer that
does. So a composite layer is opened by a run of its ``call`` on new inputs.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf
import tf_keras

from sphinxcontrib_kerasgraph.extract.errors import why_opaque
from sphinxcontrib_kerasgraph.extract.legacy import history
from sphinxcontrib_kerasgraph.extract.legacy.inputs import from_keras, is_symbolic, symbolic_in
from sphinxcontrib_kerasgraph.extract.legacy.layers import LegacyLayer, function_of
from sphinxcontrib_kerasgraph.extract.legacy.openers import opener_of
from sphinxcontrib_kerasgraph.extract.legacy.stand_ins import (
    ClosedError,
    StandIns,
    first_number,
)
from sphinxcontrib_kerasgraph.extract.legacy.weights import SymbolicWeights
from sphinxcontrib_kerasgraph.extract.read.call_reader import (
    CallReader,
    as_body,
    given_inputs,
)
from sphinxcontrib_kerasgraph.extract.read.origins import Origins
from sphinxcontrib_kerasgraph.extract.read.output_names import with_output_names
from sphinxcontrib_kerasgraph.extract.read.pseudo import AddLoss
from sphinxcontrib_kerasgraph.extract.read.recorded import (
    Block,
    RecordedCall,
    in_order,
    recorded,
    tensors_in,
)
from sphinxcontrib_kerasgraph.extract.trace.openers import shows_layers
from sphinxcontrib_kerasgraph.extract.trace.patches import hooked, without_warnings
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.graph import CallGraph


#: What Keras 2 and TensorFlow say where code does what its symbolic tensors can't.
_UNFIT = re.compile("KerasTensor|Keras symbolic inputs/outputs")
_PLACE = re.compile(r"\([^()\n]+:\d+\)$")

#: Why a block is opaque whose code looks at the values of tensors, or has TensorFlow do so.
_VALUES = (
    "Keras 2's symbolic tensors can't go through its code, which needs values, or gives tensors to "
    "a function that takes no symbolic ones"
)

#: Why a block is opaque whose code has layers called by TensorFlow.
_IN_FUNCTIONS = "it calls layers in functions that it gives to {}, which Keras 2 can't record"


class LegacyTracer:
    """Reads one model, and runs the code of the layers in it to see what is inside."""

    def __init__(self, training: bool | None = None) -> None:
        """``training`` is whether the model is drawn as in training, if anything is said of it."""
        self.training = training
        self._origins = Origins()
        self.reader = CallReader(self._origins, lambda call: call)
        self.stand_ins = StandIns(self._origins)
        self._layers: dict[int, LegacyLayer] = {}
        #: By the identity of Keras's records; those are kept, so that no two have one.
        self._calls: dict[int, RecordedCall] = {}
        self._nodes: list[Any] = []
        self._bodies: dict[int, CallGraph] = {}
        #: Where calls are noted that code makes now, as Keras's records or as ours.
        self._frame: list[Any] | None = None
        #: The layers that a function of TensorFlow's calls now.
        self._called: list[Any] | None = None
        self._weights = SymbolicWeights(self.stand_ins)

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Wrap the methods of Keras that record calls, for the time being."""
        layer = tf_keras.layers.Layer
        hooks = (
            (layer, "__call__", self._layer_call),
            (layer, "add_loss", self._add_loss),
            (layer, "add_metric", self._add_metric),
        )
        # TensorFlow warns of weights in functions, which the author's layer keeps.
        with hooked(hooks), without_warnings(tf.get_logger()):
            try:
                yield
            finally:
                history.forget(self._nodes)

    def recorded_graph(self, model: Any) -> CallGraph:
        """The calls of a model that Keras has recorded, from its inputs to its outputs."""
        entries = [self._call(history.node_of(tensor)) for tensor in model.inputs]
        losses = [self._call(node) for node in history.losses_in(model)]
        outputs = [self.stand_ins.tensor(tensor) for tensor in model.outputs]
        calls = in_order(
            [tensor for call in entries for tensor in call.outputs],
            [*outputs, *(tensor for call in losses for tensor in call.inputs)],
            lambda tensor: history.tensor_key(tensor.original)[:2],
            self._producer,
        )
        graph = self.reader.whole(entries, [*calls, *losses], outputs)
        return with_output_names(graph, self.stand_ins.arguments(model.output))

    def build(self, model: Any, args: Any, kwargs: Any) -> None:
        """Have Keras call the model on these inputs, which builds what is inside."""
        self._noted(model, args, kwargs)

    def traced_graph(self, model: Any, args: Any, kwargs: Any) -> CallGraph:
        """The calls that the model's own ``call`` makes on these inputs.

        Raises what that raises; `ClosedError` if a tensor comes from elsewhere.
        """
        entries = self._entries(args, kwargs)
        kwargs = kwargs | from_keras(model, args, kwargs, self.training)
        noted, made = self._traced(model, model.call, args, kwargs)
        calls, outputs = self._read_noted(noted, made)
        graph, captured = self.reader.body([*entries, *calls], (), outputs)
        if captured:
            raise ClosedError("it takes a tensor that none of its calls made")
        inputs = tuple(call.id for call in graph.calls if call.kind == CallKind.INPUT)
        return with_output_names(replace(graph, inputs=inputs), self.stand_ins.arguments(made))

    def single_call(self, model: Any, args: Any, kwargs: Any) -> CallGraph:
        """The model as one box that takes the inputs, if they are known."""
        args_, kwargs_ = self.stand_ins.arguments((args, kwargs))
        call = recorded(self._layer(model, 1), args_, kwargs_, None)
        entries = self._entries(args, kwargs)
        graph, _ = self.reader.body([*entries, call], (), ())
        return replace(graph, inputs=tuple(one.id for one in graph.calls[:-1]))

    def _entries(self, args: Any, kwargs: Any) -> list[RecordedCall]:
        """The calls that made the inputs of a model."""
        return [self._call(history.node_of(one)) for one in symbolic_in((args, kwargs))]

    def _layer(self, layer: Any, tensors: int) -> LegacyLayer:
        if id(layer) not in self._layers:
            self._layers[id(layer)] = LegacyLayer(layer, tensors)
        return self._layers[id(layer)]

    def _producer(self, tensor: Any) -> RecordedCall | None:
        node = history.node_of(tensor.original)
        return self._call(node) if node is not None else None

    def _call(self, node: Any, *, traced: bool = False) -> RecordedCall:
        """The call of Keras's record, with what is inside; a function's may be ``traced``."""
        if id(node) not in self._calls:
            self._calls[id(node)] = self._read(node, traced=traced)
        return self._calls[id(node)]

    def _read(self, node: Any, *, traced: bool) -> RecordedCall:
        layer = node.layer
        args, kwargs = self.stand_ins.arguments((first_number(node.call_args), node.call_kwargs))
        if history.is_function(layer):
            kwargs.pop("name", None)
        inputs = tuple(tensors_in((args, kwargs)))
        outputs = tuple(map(self.stand_ins.tensor, tf.nest.flatten(node.outputs)))
        tensors = len(tensors_in(keras.tree.map_structure(self._origins.symbolic, (args, kwargs))))
        if traced and history.is_function(layer):
            operation: Any = function_of(layer, tensors, len(outputs))
        else:
            operation = self._layer(layer, tensors)
        ordinal = history.nodes_of(layer).index(node)
        kept = () if history.is_loss(layer) else outputs
        call = RecordedCall(operation, ordinal, args, kwargs, inputs, kept)
        return self._opened(call, node)

    def _opened(self, call: RecordedCall, node: Any) -> RecordedCall:
        """The call with its inside, or why that isn't known."""
        layer = node.layer
        if history.is_recorded(layer):
            if id(layer) not in self._bodies:
                self._bodies[id(layer)] = as_body(self.recorded_graph(layer))
            given = given_inputs(
                call, [history.input_name(one) for one in layer.inputs], layer.input
            )
            return replace(call, block=Block(self._bodies[id(layer)], tuple(given)))
        opener = opener_of(layer)
        if opener is None:
            return call
        try:
            block = opener(self, node)
        except RecursionError:
            raise
        except Exception as error:
            is_alone = len(history.layers_in(layer)) == 1
            return call if is_alone else replace(call, opaque=why_closed(error))
        is_model = isinstance(layer, tf_keras.Model)
        return replace(call, block=block) if is_model or shows_layers(block.body) else call

    def run(
        self, layer: Any, function: Any, args: Any, kwargs: Any
    ) -> tuple[list[RecordedCall], list[Any]]:
        """The calls that the function makes, and what stands for the tensors that it returns.

        It is code of the layer, whose weights are symbolic, unless the code can't do with such.
        """
        return self._read_noted(*self._traced(layer, function, args, kwargs))

    @contextlib.contextmanager
    def training_as(self, value: Any) -> Iterator[None]:
        """Have layers be called as in training meanwhile, or not; ``None`` changes nothing."""
        before = self.training
        self.training = before if value is None else value
        try:
            yield
        finally:
            self.training = before

    def _traced(self, layer: Any, function: Any, args: Any, kwargs: Any) -> tuple[list[Any], Any]:
        """What was noted of the calls of the layer's code, and what that returns."""
        try:
            with self._weights.of(layer):
                return self._noted(function, args, kwargs)
        except ClosedError:
            raise
        except Exception:
            return self._noted(function, args, kwargs)

    def _read_noted(self, noted: list[Any], made: Any) -> tuple[list[RecordedCall], list[Any]]:
        calls = [
            one if isinstance(one, RecordedCall) else self._call(one, traced=True) for one in noted
        ]
        return calls, tensors_in([self.stand_ins.symbolic(leaf) for leaf in tf.nest.flatten(made)])

    def _noted(self, function: Any, args: Any, kwargs: Any) -> tuple[list[Any], Any]:
        """What was noted of the calls that the function makes, and what it returns."""
        before, self._frame = self._frame, []
        try:
            made = function(*args, **kwargs)
            return self._frame, made
        finally:
            self._frame = before

    def _layer_call(self, original: Any, layer: Any, *args: Any, **kwargs: Any) -> Any:
        if self._frame is None:
            # Keras runs code for shapes alone, or TensorFlow calls it.
            if self._called is None or history.is_internal(layer):
                return original(layer, *args, **kwargs)
            self._called.append(layer)
            return self._forgotten(original, layer, args, kwargs)
        frame, self._frame = self._frame, None
        self._called = [] if history.is_function(layer) else None
        before = len(history.nodes_of(layer))
        try:
            with self._weights.as_they_are():
                made = original(layer, *args, **kwargs)
        except Exception as error:
            if self._called:
                raise ClosedError(_IN_FUNCTIONS.format(layer.name)) from error
            raise
        finally:
            called, self._called, self._frame = self._called, None, frame
            nodes = history.nodes_of(layer)[before:]
            self._nodes += nodes
            frame += nodes
        if called:
            raise ClosedError(_IN_FUNCTIONS.format(layer.name))
        return made

    def _forgotten(self, original: Any, layer: Any, args: Any, kwargs: Any) -> Any:
        """Run a layer's ``__call__`` whose record isn't kept."""
        before = len(history.nodes_of(layer))
        try:
            return original(layer, *args, **kwargs)
        finally:
            self._nodes += history.nodes_of(layer)[before:]

    def _add_loss(self, original: Any, layer: Any, losses: Any, **kwargs: Any) -> Any:
        if self._frame is None:
            return original(layer, losses, **kwargs)
        for tensor in tf.nest.flatten(losses):
            if is_symbolic(tensor):
                given = (self.stand_ins.tensor(tensor),)
                self._frame.append(recorded(AddLoss("tf_keras"), given, {}, None))
        return None

    def _add_metric(self, original: Any, layer: Any, *args: Any, **kwargs: Any) -> Any:
        """A metric is no part of a model that runs."""
        return original(layer, *args, **kwargs) if self._frame is None else None


def why_closed(error: Exception) -> str:
    """Why the inside of a call isn't known, in words."""
    if isinstance(error, ClosedError):
        return str(error)
    reason = why_opaque(error)
    if not _UNFIT.search(str(error)):
        return reason
    place = _PLACE.search(reason)
    return f"{_VALUES} {place[0]}" if place else _VALUES
