"""Tensors of a TensorFlow graph, followed back to the calls that made them.

Operations of TensorFlow that data goes through become calls. What only the shape of a tensor
decides, such as ``tf.range`` of a length, comes from that tensor if it comes from no other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read.origins import OfShape
from sphinxcontrib_kerasgraph.extract.read.plain import plain_text
from sphinxcontrib_kerasgraph.extract.read.pseudo import Shape
from sphinxcontrib_kerasgraph.extract.read.recorded import RecordedCall, recorded
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.bundles import Item, put, taken
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SHAPES, is_handle
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.operations import joined, raw_operation
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.reach import Reach
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.twins import in_slices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.graph_frame import (
        GraphFrame,
        MadeCall,
    )

#: Operations whose outputs are their inputs.
_SAME = {"EnsureShape", "Identity", "IdentityN", "PlaceholderWithDefault", "Snapshot"}


class UnfollowedDataError(ValueError):
    """Data goes where it isn't followed."""

    def __init__(self, op: Any) -> None:
        super().__init__(
            f"data is kept in a variable of TensorFlow's ({op.type}), which isn't followed"
        )


class Wiring:
    """Tells what data goes from call to call of one frame, and through which operations."""

    def __init__(
        self,
        frame: GraphFrame,
        inputs: Sequence[keras.KerasTensor],
        outputs: Sequence[keras.KerasTensor],
    ) -> None:
        self._graph = frame.graph
        self._frame = frame
        self._operations = frame.graph.operations
        #: What calls take, or the frame returns.
        self._needed = [tensor for made in frame.calls for tensor in made.call.taken]
        self._needed += outputs
        self._reach = Reach(frame, inputs)
        #: By tensor, those that its data comes from, one unless it holds several; and the one that
        #: its shape comes from, where no data does. What is in neither is a constant.
        self._data: dict[int, list[Item]] = {id(tensor): [Item(tensor)] for tensor in inputs}
        self._shape: dict[int, keras.KerasTensor] = {}
        self._inputs = inputs
        self._outputs = outputs
        #: What a call makes that tells of a shape.
        self._shapes: set[int] = set()

    def calls(self) -> list[RecordedCall]:
        """The recorded calls, and those of operations that data goes through, in order.

        Raises `UnfollowedDataError`.
        """
        reach = self._reach
        reach.walk(self._needed)
        self._data |= {id(tensor): [Item(tensor)] for tensor in reach.entries}
        steps: list[tuple[int, int, Any]] = [
            (made.start, 0, (number, made)) for number, made in enumerate(self._frame.calls)
        ]
        steps += [(place, 1, tensors) for place, tensors in reach.operations.items()]
        steps += [(place, 2, whole) for place, whole in reach.wholes]
        written = self._written()
        calls: list[RecordedCall] = []
        for place, which, step in sorted(steps, key=lambda step: step[:2]):
            if which == 0:
                calls += self._recorded_call(*step)
            elif which == 1:
                calls += self._raw_call(place, step, written)
            else:
                parts = self._graph.parts(step)
                calls += self._whole(step, [item for part in parts for item in self._of(part)])
        calls += self._shapes_of(self._outputs)
        passed = [tensor for tensors in reach.operations.values() for tensor in tensors]
        passed += [whole for _, whole in reach.wholes]
        passed += [tensor for made in self._frame.calls for tensor in made.call.outputs]
        for tensor in passed:
            self._note(tensor)
        return calls

    def _of(self, tensor: keras.KerasTensor) -> list[Item]:
        """What the data of a tensor comes from."""
        return self._data.get(id(tensor), [])

    def _raw_call(
        self, place: int, outputs: list[keras.KerasTensor], written: Mapping[Any, int]
    ) -> Iterable[RecordedCall]:
        """A call of an operation, if data goes through it to something that isn't the same."""
        graph, op = self._graph, self._operations[place]
        for output in outputs:
            whole = self._reach.whole_of(output)
            if whole is not None:
                self._data[id(output)] = self._of(whole)
        outputs = [output for output in outputs if self._reach.whole_of(output) is None]
        if not outputs:
            return ()
        if any(written.get(source.ref(), place) < place for source in op.inputs):
            raise UnfollowedDataError(op)
        inputs = list(map(graph.symbolic, op.inputs))
        if op.type in _SAME:
            for output in outputs:
                at = graph.raw(output).value_index if op.type == "IdentityN" else 0
                self._pass(inputs[at], output)
            return ()
        items = taken(op, list(map(self._of, inputs)), graph.tf)
        if op.type in SHAPES or not any(items):
            self._pass_shape(inputs, outputs)
            return ()
        if all(map(is_handle, map(graph.symbolic, op.outputs))):
            inside = put(op, items, graph.tf)
            return [call for output in outputs for call in self._whole(output, inside)]
        given = [item.tensor for inside in items for item in inside]
        is_step = len(given) == 1 and len(outputs) == 1
        made = outputs if is_step else list(map(graph.symbolic, op.outputs))
        self._note_made(made)
        operation = raw_operation(op, graph.tf, is_step=is_step)
        return [recorded(operation, given, {}, made, names=(None,) * len(given))]

    def _whole(self, whole: keras.KerasTensor, items: Sequence[Item]) -> Iterable[RecordedCall]:
        """A call that joins the parts of what something takes as one, if several calls made it."""
        inside = list(dict.fromkeys(items))
        tensors = {id(item.tensor): item.tensor for item in inside}
        is_needed = any(tensor is whole for tensor in self._needed)
        if not is_needed or len(tensors) < 2:
            self._data[id(whole)] = inside[:1] if is_needed else inside
            if not inside:
                self._pass_shape(self._graph.parts(whole), [whole])
            return ()
        self._note_made([whole])
        given = list(tensors.values())
        return [
            recorded(
                joined(self._graph.class_of(whole)), given, {}, whole, names=(None,) * len(given)
            )
        ]

    def _recorded_call(self, number: int, made: MadeCall) -> Iterable[RecordedCall]:
        """The call; none for a function on what is no data."""
        call = made.call.handing_on(self._reach.beside.get(number, ()))
        if made.is_function:
            if not any(map(self._of, call.inputs)):
                self._pass_shape(call.inputs, call.outputs)
                return ()
            if not all(map(self._of, call.inputs)):
                args, kwargs = in_slices(self._without_numbers, (call.args, call.kwargs))
                inputs = tuple(one for one in call.inputs if self._of(one) or one.shape)
                call = replace(call, args=args, kwargs=kwargs, inputs=inputs)
        shapes = list(self._shapes_of(call.taken))
        self._note_made(call.outputs)
        return [*shapes, call]

    def _without_numbers(self, value: Any) -> Any:
        """A number that is no data is an argument, as a number of Python's is."""
        is_number = isinstance(value, keras.KerasTensor) and not (self._of(value) or value.shape)
        return _Unknown(value) if is_number else value

    def _shapes_of(self, tensors: Iterable[keras.KerasTensor]) -> Iterable[RecordedCall]:
        """A call for each of the tensors that tells of the shape of another one, but for numbers.

        As it is drawn on symbolic tensors: from the only input whose sizes aren't known, if there
        is one. What comes from an input the reader makes a call of.
        """
        for tensor in tensors:
            source = self._shape.get(id(tensor))
            if source is None or not tensor.shape or id(tensor) in self._shapes or self._of(tensor):
                continue
            self._shapes.add(id(tensor))
            unknown = [one for one in self._inputs if None in one.shape]
            if len(unknown) == 1:
                source = unknown[0]
            value = OfShape(source, tuple(tensor.shape), str(tensor.dtype))
            if any(source is one for one in self._inputs):
                self._graph.tracer.origins.note_constant(tensor, value)
            else:
                yield recorded(Shape(plain_text(value)), (source,), {}, tensor)

    def _written(self) -> dict[Any, int]:
        """The variables of TensorFlow's in which the code keeps data, and from where on."""
        is_data = self._graph.is_data
        found: dict[Any, int] = {}
        for place in range(self._frame.start, len(self._operations)):
            op = self._operations[place]
            if not op.outputs and any(map(is_data, op.inputs)):
                handles = (one for one in op.inputs if one.dtype.name == "resource")
                for handle in handles:
                    found.setdefault(handle.ref(), place)
        return found

    # What goes on

    def _note_made(self, tensors: Iterable[keras.KerasTensor]) -> None:
        self._data |= {id(tensor): [Item(tensor)] for tensor in tensors}

    def _pass(self, source: keras.KerasTensor, output: keras.KerasTensor) -> None:
        """Note that two tensors are the same."""
        if id(source) in self._data:
            self._data[id(output)] = self._data[id(source)]
        if id(source) in self._shape:
            self._shape[id(output)] = self._shape[id(source)]

    def _pass_shape(
        self, inputs: Sequence[keras.KerasTensor], outputs: Sequence[keras.KerasTensor]
    ) -> None:
        """Note that the outputs tell nothing but what the shape of an input, if any, decides."""
        sources = [item.tensor for tensor in inputs for item in self._of(tensor)]
        sources += [self._shape[id(tensor)] for tensor in inputs if id(tensor) in self._shape]
        if sources:
            self._shape |= {id(tensor): sources[0] for tensor in outputs}

    def _note(self, tensor: keras.KerasTensor) -> None:
        """Tell the reader where the tensor comes from."""
        if id(tensor) in self._shapes:
            return
        origins = self._graph.tracer.origins
        items = self._of(tensor)
        source = items[0].tensor if len(items) == 1 else self._shape.get(id(tensor))
        if source is not None:
            if source is not tensor:
                origins.note_source(tensor, source)
        elif not items:
            origins.note_constant(tensor, _Unknown(tensor))


@dataclass(frozen=True)
class _Unknown:
    """A constant of the graph, of which shape and dtype are known."""

    tensor: keras.KerasTensor

    @property
    def shape(self) -> Any:
        return self.tensor.shape

    @property
    def dtype(self) -> str:
        return str(self.tensor.dtype)
