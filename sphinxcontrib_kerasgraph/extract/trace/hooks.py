"""The methods of Keras that are wrapped while a model is traced.

``Layer.__call__``, ``Layer.symbolic_call`` and ``Operation.symbolic_call`` record calls, and trace
what is inside composite layers in the same run. ``Layer.add_loss`` takes no symbolic tensors, and
is a call too. Functions of `keras.ops` that control flow are calls, whether or not a release of
Keras has an operation for them.
"""

from __future__ import annotations

import contextlib
import functools
import warnings
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.arguments import bound
from sphinxcontrib_kerasgraph.extract.read.origins import is_array
from sphinxcontrib_kerasgraph.extract.read.pseudo import AddLoss
from sphinxcontrib_kerasgraph.extract.read.recorded import copied, recorded, tensors_in
from sphinxcontrib_kerasgraph.extract.read.variables import with_weights
from sphinxcontrib_kerasgraph.extract.trace.control import CONTROL_FUNCTIONS, ControlFlow
from sphinxcontrib_kerasgraph.extract.trace.direct_calls import DirectCalls
from sphinxcontrib_kerasgraph.extract.trace.keras_functions import modules_of
from sphinxcontrib_kerasgraph.extract.trace.patches import hooked, symbolic_right_operands
from sphinxcontrib_kerasgraph.extract.trace.recording import Entered, Frame
from sphinxcontrib_kerasgraph.extract.trace.weights import WeightHooks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinxcontrib_kerasgraph.extract.trace.tracer import Tracer

_nothing = contextlib.nullcontext()

#: What Keras says of layers that the trace is about to build.
_UNBUILT_STATE = r"Layer '.*' looks like it has unbuilt state|`build\(\)` was called on layer"


class KerasHooks:
    """Has Keras tell a tracer what is called."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        #: Keras's own records of the calls.
        self._nodes: list[Any] = []

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Wrap the methods of Keras for the time being."""
        hooks: list[tuple[Any, str, Callable[..., Any]]] = [
            (keras.Layer, "__call__", self._layer_call),
            (keras.Layer, "symbolic_call", self._layer_symbolic_call),
            (keras.Layer, "add_loss", self._add_loss),
            (keras.Operation, "symbolic_call", self._operation_symbolic_call),
        ]
        hooks += [
            (module, name, functools.partial(self._control_flow, name))
            for module in modules_of("keras.ops")
            for name in CONTROL_FUNCTIONS.keys() & vars(module).keys()
        ]
        with contextlib.ExitStack() as stack:
            stack.enter_context(hooked(hooks))
            stack.enter_context(DirectCalls(self._tracer).installed())
            stack.enter_context(symbolic_right_operands())
            layers = history.layers_in(self._tracer.root)
            stack.enter_context(WeightHooks(self._tracer, layers).installed())
            stack.enter_context(warnings.catch_warnings())
            # The trace builds what Keras could not build by itself.
            warnings.filterwarnings("ignore", _UNBUILT_STATE, UserWarning)
            stack.callback(history.forget, self._nodes)
            yield

    def _layer_call(self, original: Any, layer: keras.Layer, *args: Any, **kwargs: Any) -> Any:
        frame = self._tracer.frame
        if frame is None:
            # Also where Keras infers shapes: what fails inside is never built, and would be traced
            # twice for each layer around it.
            with self._built_by(layer, (args, kwargs)) if self._tracer.is_tracing else _nothing:
                return original(layer, *args, **kwargs)
        if not isinstance(frame, Frame):
            return frame.layer_call(original, layer, args, kwargs)
        args, kwargs = self._with_tensors((args, kwargs))
        given = copied((args, kwargs))
        entered = Entered(layer, frame)
        before = history.last_node(layer)
        with self._tracer.pushed(entered), self._built_by(layer, (args, kwargs)):
            # A copy, since Keras adds masks to the keywords that it is given.
            outputs = original(layer, *args, **dict(kwargs))
        if entered.tried.outputs is not None:
            outputs = entered.tried.outputs
        if not entered.called:  # no tensor was given: Keras ran the layer
            entered.place = len(frame.calls)
            outputs = keras.tree.map_structure(self._made, outputs)
        args, kwargs = given
        masks = {
            name: value
            for name, value in entered.kwargs.items()
            if name.endswith("mask") and name not in kwargs and tensors_in(value)
        }
        call = recorded(
            layer,
            args,
            kwargs | masks,
            outputs,
            ordinal=entered.place,
            block=entered.tried.block,
            opaque=entered.tried.opaque,
        )
        frame.calls.insert(entered.place, call)
        if history.last_node(layer) is not before:
            self._note_node(layer)
        return outputs

    def _with_tensors(self, arguments: Any) -> Any:
        """The arguments with symbolic tensors for weights and arrays, for Keras takes no others."""
        origins = self._tracer.origins
        arguments = with_weights(arguments, self._tracer.weight)
        changed = keras.tree.map_structure(origins.symbolic, arguments)
        if not tensors_in(changed):  # then numbers in arrays are what it is called with
            changed = keras.tree.map_structure(self._tracer.as_symbolic, arguments)
        before, after = keras.tree.flatten(arguments), keras.tree.flatten(changed)
        same = all(one is other for one, other in zip(before, after, strict=True))
        return arguments if same else changed

    def _made(self, value: Any) -> Any:
        """A symbolic tensor in place of an array that a layer made of nothing."""
        if not is_array(value):
            return value
        return self._tracer.new(value.shape, keras.backend.standardize_dtype(value.dtype))

    @contextlib.contextmanager
    def _built_by(self, layer: keras.Layer, arguments: Any) -> Iterator[None]:
        """Let the trace of a call build the layer's sublayers, where Keras would trace it for that.

        Else Keras traces each composite layer in the backend, and again for each layer around it:
        most of the time that an extraction takes.
        """
        is_leaf = not self._tracer.ways_of(layer)
        if layer.built or is_leaf or type(layer).build is not keras.Layer.build:
            yield
            return
        layer.built = True
        try:
            yield
        except BaseException:
            layer.built = False
            raise
        with contextlib.suppress(Exception):  # only notes the shape, for who asks the layer later
            given = (leaf for leaf in keras.tree.flatten(arguments) if hasattr(leaf, "shape"))
            layer.build(tuple(next(given).shape))

    def _layer_symbolic_call(
        self, original: Any, layer: keras.Layer, *args: Any, **kwargs: Any
    ) -> Any:
        top = self._tracer.top
        if not isinstance(top, Entered) or top.layer is not layer or top.called:
            return original(layer, *args, **kwargs)
        outputs = self._entered_call(top, original, args, kwargs)
        top.called = True
        top.place = len(top.frame.calls)
        top.kwargs = kwargs
        return outputs

    def _entered_call(self, entered: Entered, original: Any, args: Any, kwargs: Any) -> Any:
        layer = entered.layer
        entered.tried = self._tracer.attempt(self._tracer.ways_of(layer), layer, args, kwargs)
        if entered.tried.outputs is None:
            return original(layer, *args, **kwargs)
        # Keras records nothing but tensors; what else there is, `_layer_call` returns.
        tensors = tensors_in(entered.tried.outputs)
        return tensors[0] if len(tensors) == 1 else tensors

    def _operation_symbolic_call(
        self, original: Any, operation: keras.Operation, *args: Any, **kwargs: Any
    ) -> Any:
        frame = self._tracer.frame
        if not isinstance(frame, Frame):
            outputs = original(operation, *args, **kwargs)
            if self._tracer.top is not None and type(operation).__name__ in {
                "Cast",
                "ConvertToTensor",
            }:
                self._tracer.origins.note_source(outputs, args[0], cast=True)
            return outputs
        block, opaque, outputs = None, None, None
        args, kwargs = with_weights((args, kwargs), self._tracer.weight)
        if type(operation).__name__ == "ConvertToTensor":  # how Keras begins a Functional call
            outputs = self._tracer.suspended(original, operation, *args, **kwargs)
            if outputs.dtype == args[0].dtype:
                self._tracer.origins.note_source(outputs, args[0], cast=True)
                return outputs
        else:
            ways = self._tracer.ways_of(operation)
            block, opaque, outputs = self._tracer.attempt(ways, operation, args, kwargs)
        if outputs is None:
            outputs = self._outputs(original, operation, args, kwargs)
            self._note_node(operation)
        frame.calls.append(
            recorded(
                operation,
                args,
                kwargs,
                outputs,
                ordinal=len(frame.calls),
                block=block,
                opaque=opaque,
            )
        )
        return outputs

    def _outputs(self, original: Any, operation: keras.Operation, args: Any, kwargs: Any) -> Any:
        """What the operation makes: as Keras infers it, or else as its backend does.

        Keras has no symbolic ``x[1:3]`` nor ``x[None]``, which every tensor of a backend has.
        """
        try:
            return self._tracer.suspended(original, operation, *args, **kwargs)
        except Exception:
            run = _OnTensors(operation.call, args, kwargs)
            try:
                return self._tracer.suspended(run.compute_output_spec, *tensors_in((args, kwargs)))
            except Exception:  # noqa: S110 - what Keras said says more
                pass
            raise

    def _control_flow(self, name: str, original: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(self._tracer.frame, Frame) or not tensors_in((args, kwargs)):
            return original(*args, **kwargs)
        return self._operation_symbolic_call(
            lambda *_, **__: original(*args, **kwargs),
            ControlFlow(name),
            **bound(original, args, kwargs),
        )

    def _note_node(self, operation: keras.Operation) -> None:
        node = history.last_node(operation)
        if node is not None:
            self._nodes.append(node)

    def _add_loss(self, original: Any, layer: keras.Layer, loss: Any) -> None:
        frame = self._tracer.frame
        if frame is None:
            original(layer, loss)
        elif not isinstance(frame, Frame):
            frame.add_loss(loss)
        elif tensors := tensors_in(loss):
            for tensor in tensors:
                frame.add(AddLoss(), (tensor,), {}, None)
        else:
            original(layer, loss)


class _OnTensors(keras.Operation):
    """A function of the tensors among some arguments; Keras infers by a run what it makes."""

    def __init__(self, function: Callable[..., Any], args: Any, kwargs: Any) -> None:
        super().__init__()
        self._function = function
        self._arguments = (args, kwargs)

    def call(self, *tensors: Any) -> Any:
        """Run the function, with these for the tensors."""
        given = iter(tensors)
        args, kwargs = keras.tree.map_structure(
            lambda value: next(given) if isinstance(value, keras.KerasTensor) else value,
            self._arguments,
        )
        return self._function(*args, **kwargs)
