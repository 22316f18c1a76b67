"""What the calls of a frame depend on: the operations of the graph that lead to what they take."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.extract.read.variables import is_weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import keras

    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.graph_frame import GraphFrame


class Reach:
    """Walks back from tensors to those that calls made, or that come from outside the frame."""

    def __init__(self, frame: GraphFrame, inputs: Sequence[keras.KerasTensor]) -> None:
        self._graph = frame.graph
        self._frame = frame
        self._places = {op.name: place for place, op in enumerate(frame.graph.operations)}
        made = [tensor for one in frame.calls for tensor in one.call.outputs]
        self._known = {id(tensor) for tensor in (*inputs, *made)}
        self._wholes = {
            id(part): whole for whole in (*inputs, *made) for part in self._graph.parts(whole)
        }
        self._starts = [one.start for one in frame.calls]
        self._masking: set[int] = set()
        #: What is reached of operations' outputs, by the place of the operation.
        self.operations: dict[int, list[keras.KerasTensor]] = {}
        #: What stands for parts that were made apart, and the place of the last part.
        self.wholes: list[tuple[int, keras.KerasTensor]] = []
        #: What comes from outside the frame.
        self.entries: list[keras.KerasTensor] = []
        #: What has left a call beside its outputs, by the number of the call.
        self.beside: dict[int, list[keras.KerasTensor]] = {}

    def whole_of(self, tensor: keras.KerasTensor) -> keras.KerasTensor | None:
        """What was made by a call, or given to the frame, of which this is a part."""
        return self._wholes.get(id(tensor))

    def walk(self, needed: Iterable[keras.KerasTensor]) -> None:
        """Find what the tensors depend on."""
        stack = list(needed)
        seen: set[int] = set()
        while stack:
            tensor = stack.pop()
            if id(tensor) not in seen:
                seen.add(id(tensor))
                stack.extend(self._sources(tensor))

    def _sources(self, tensor: keras.KerasTensor) -> Iterable[keras.KerasTensor]:
        """What a tensor is made of; nothing where the walk ends."""
        graph = self._graph
        if id(tensor) in self._known:
            return ()
        raw, parts = graph.raw(tensor), graph.parts(tensor)
        if parts:
            places = [self._place(part) for part in parts]
            if max(places) < self._frame.start:
                self.entries.append(tensor)
                return ()
            self.wholes.append((max(places), tensor))
            return parts
        if raw is None or graph.is_outside(tensor):
            if not self._is_constant(tensor):
                self.entries.append(tensor)
            return ()
        place = self._place(tensor)
        whole = self.whole_of(tensor)
        if whole is None:
            if place < self._frame.start:
                self.entries.append(tensor)
                return ()
            if self._has_left_a_call(tensor, place):
                return ()
        self.operations.setdefault(place, []).append(tensor)
        return (whole,) if whole is not None else map(graph.symbolic, raw.op.inputs)

    def _is_constant(self, tensor: keras.KerasTensor) -> bool:
        """Whether the reader knows the tensor for a constant, and for no weight."""
        found = self._graph.tracer.origins.constants_in([tensor])
        return any(not is_weight(value) for _, value in found)

    def _place(self, tensor: keras.KerasTensor) -> int:
        return self._places[self._graph.raw(tensor).op.name]

    def _has_left_a_call(self, tensor: keras.KerasTensor, place: int) -> bool:
        """Whether an operation inside a call made the tensor, which isn't one of its outputs."""
        number = bisect_right(self._starts, place) - 1
        while number >= 0 and self._frame.calls[number].end <= place:
            number -= 1
        if number < 0:
            return False
        if id(tensor) in self._frame.masks:
            self._masking.add(number)
        if number in self._masking:  # what Keras did there beside the call
            return False
        self.beside.setdefault(number, []).append(tensor)
        self._known.add(id(tensor))
        return True
