"""Tensors of a TensorFlow graph, followed back to the calls that made them.

Operations of TensorFlow that join data, or fork it, become calls; the rest is passed through. What
only the shape of a tensor decides, such as ``tf.range`` of a length, comes from that tensor if it
comes from no other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.extract.read.arguments import argument_names
from sphinxcontrib_kerasgraph.extract.read.pseudo import PlainOperation
from sphinxcontrib_kerasgraph.extract.read.recorded import HANDED_ON, RecordedCall, recorded
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.operations import raw_operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras

    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.graph_frame import GraphFrame

#: Operations whose outputs tell nothing of a tensor but its shape.
_SHAPES = {"Shape", "ShapeN", "Rank", "Size", "ZerosLike", "OnesLike"}


class Wiring:
    """Follows tensors back from the calls of one frame to those that made them."""

    def __init__(
        self,
        frame: GraphFrame,
        inputs: Sequence[keras.KerasTensor],
        outputs: Sequence[keras.KerasTensor],
    ) -> None:
        self._graph = frame.graph
        self._frame = frame
        self._operations = frame.graph.operations
        self._places = {op.name: place for place, op in enumerate(self._operations)}
        self._outputs = outputs
        made = [tensor for call, _, _ in frame.calls for tensor in call.outputs]
        self._known = {id(tensor) for tensor in (*inputs, *made)}
        self._beside: dict[int, list[keras.KerasTensor]] = {}
        self._masking: set[int] = set()
        #: By tensor, the one that its data comes from; and the one that its shape comes from,
        #: where no data does. What is in neither is a constant.
        self._data: dict[int, keras.KerasTensor] = {id(tensor): tensor for tensor in inputs}
        self._shape: dict[int, keras.KerasTensor] = {}

    def calls(self) -> list[RecordedCall]:
        """The recorded calls, and those of raw operations that join or fork data, in order."""
        needed = [
            tensor
            for call, _, _ in self._frame.calls
            for tensor in (*call.inputs, *(call.block.sources if call.block else ()))
        ]
        reached = self._reached([*needed, *self._outputs])
        steps: list[tuple[int, int, Any]] = [
            (start, 0, self._with_side_outputs(number, call))
            for number, (call, start, _) in enumerate(self._frame.calls)
        ]
        steps += [(place, 1, outputs) for place, outputs in reached.items()]
        calls = []
        for place, is_raw, step in sorted(steps, key=lambda step: step[:2]):
            call = self._raw_call(place, step) if is_raw else self._recorded_call(step)
            if call is not None:
                calls.append(call)
        passed = [tensor for outputs in reached.values() for tensor in outputs]
        passed += [tensor for call, _, _ in self._frame.calls for tensor in call.outputs]
        for tensor in passed:
            source = self._data.get(id(tensor), self._shape.get(id(tensor)))
            if source is None:
                self._graph.tracer.origins.note_constant(tensor, _Unknown(tensor))
            elif source is not tensor:
                self._graph.tracer.origins.note_source(tensor, source)
        return calls

    def _is_entry(self, tensor: keras.KerasTensor) -> bool:
        """Whether the walk ends at the tensor: a call made it, or code outside the frame."""
        raw = self._graph.raw(tensor)
        if raw is None or id(tensor) in self._known:
            return True
        place = self._places[raw.op.name]
        if place < self._frame.start:
            self._data[id(tensor)] = tensor
            return True
        for number, (_, start, end) in enumerate(self._frame.calls):
            if start <= place < end:
                if id(tensor) in self._frame.masks:
                    self._masking.add(number)
                if number in self._masking:  # what Keras did there beside the call
                    return False
                # It left the call beside its outputs.
                self._beside.setdefault(number, []).append(tensor)
                self._known.add(id(tensor))
                return True
        return False

    def _reached(self, needed: Sequence[keras.KerasTensor]) -> dict[int, list[keras.KerasTensor]]:
        """What the tensors depend on, by the place of the operation that makes it."""
        reached: dict[int, list[keras.KerasTensor]] = {}
        stack = list(needed)
        seen: set[int] = set()
        while stack:
            tensor = stack.pop()
            if id(tensor) in seen:
                continue
            seen.add(id(tensor))
            if self._is_entry(tensor):
                continue
            op = self._graph.raw(tensor).op
            reached.setdefault(self._places[op.name], []).append(tensor)
            stack.extend(self._inputs(op))
        return reached

    def _inputs(self, op: Any) -> list[keras.KerasTensor]:
        """The operation's inputs, but for handles of variables and the like."""
        return [
            self._graph.symbolic(tensor)
            for tensor in op.inputs
            if tensor.dtype.name not in {"resource", "variant"}
        ]

    def _raw_call(self, place: int, outputs: list[keras.KerasTensor]) -> RecordedCall | None:
        """A call of an operation that joins or forks data; any other is passed through."""
        op = self._operations[place]
        inputs = self._inputs(op)
        if op.type == "IdentityN":  # how tf.custom_gradient ends
            for tensor in outputs:
                source = inputs[self._graph.raw(tensor).value_index]
                for ways in (self._data, self._shape):
                    if id(source) in ways:
                        ways[id(tensor)] = ways[id(source)]
            return None
        given = [tensor for tensor in inputs if id(tensor) in self._data]
        if op.type in _SHAPES or not given:
            self._pass_shape(inputs, outputs)
            return None
        if len(given) == 1 and len(outputs) == 1:
            self._data[id(outputs[0])] = self._data[id(given[0])]
            return None
        made = list(map(self._graph.symbolic, op.outputs))
        self._data |= {id(tensor): tensor for tensor in made}
        operation = raw_operation(op, self._graph.tf)
        return recorded(operation, given, {}, made, names=(None,) * len(given))

    def _recorded_call(self, call: RecordedCall) -> RecordedCall | None:
        """The call; ``None`` for an operation of `keras.ops` on what is no data."""
        if isinstance(call.operation, PlainOperation):
            given = [
                (tensor, name)
                for tensor, name in zip(call.inputs, argument_names(call), strict=True)
                if id(tensor) in self._data
            ]
            if not given:
                self._pass_shape(call.inputs, call.outputs)
                return None
            tensors, names = zip(*given, strict=True)
            call = replace(call, inputs=tensors, names=names if len(names) > 1 else (None,))
        self._data |= {id(tensor): tensor for tensor in call.outputs}
        return call

    def _pass_shape(
        self, inputs: Sequence[keras.KerasTensor], outputs: Sequence[keras.KerasTensor]
    ) -> None:
        """Note that the outputs tell nothing but what the shape of an input, if any, decides."""
        sources = [self._data[id(tensor)] for tensor in inputs if id(tensor) in self._data]
        sources += [self._shape[id(tensor)] for tensor in inputs if id(tensor) in self._shape]
        if sources:
            self._shape |= {id(tensor): sources[0] for tensor in outputs}

    def _with_side_outputs(self, number: int, call: RecordedCall) -> RecordedCall:
        beside = self._beside.get(number)
        if not beside:
            return call
        return replace(
            call,
            outputs=(*call.outputs, *beside),
            block=None,
            opaque=HANDED_ON,
        )


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
