"""A graph of TensorFlow, and the symbolic tensors that stand for its tensors.

The only module that touches ``tf.__internal__.FuncGraph``, a private name of TensorFlow: the graph
that ``tf.function`` fills, and in which Keras infers shapes. The public ``tf.Graph`` takes no
tensors from outside, such as the weights of layers; ``tf.function`` hides its graph until the code
has run. Checked with TensorFlow 2.16 and 2.21; ``tests/extract/trace/test_func_graph.py`` fails
loudly when it changes.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.variables import is_weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager

    from sphinxcontrib_kerasgraph.extract.trace.protocol import Tracing

#: Operations whose outputs tell nothing of a tensor but its shape.
SHAPES = {
    "OnesLike",
    "Rank",
    "Shape",
    "ShapeN",
    "Size",
    "TensorListElementShape",
    "TensorListLength",
    "ZerosLike",
}


class SymbolicGraph:
    """One ``FuncGraph``, and the symbolic tensors that stand for its tensors.

    A tensor of several parts, sparse or ragged, and a ``tf.TensorArray`` have one that stands for
    the whole.
    """

    def __init__(self, tracer: Tracing, tf: Any) -> None:
        self.tracer = tracer
        self.tf = tf
        self._graph = tf.__internal__.FuncGraph("kerasgraph")
        self._symbolic: dict[Any, keras.KerasTensor] = {}
        self._raw: dict[int, Any] = {}
        #: By what stands for the whole, what stands for the parts.
        self._parts: dict[int, list[keras.KerasTensor]] = {}
        self._classes: dict[int, str] = {}
        self._outside: dict[tuple[int, str], Any] = {}
        self._is_outside: set[int] = set()
        self._carries: dict[Any, bool] = {}

    def as_default(self) -> AbstractContextManager[Any]:
        """Have code build this graph meanwhile."""
        entered: AbstractContextManager[Any] = self._graph.as_default()
        return entered

    @property
    def operations(self) -> list[Any]:
        """The operations so far, each after those whose outputs it takes."""
        made: list[Any] = self._graph.get_operations()
        return made

    def size(self) -> int:
        """The number of operations so far."""
        return len(self.operations)

    def is_elsewhere(self) -> bool:
        """Whether code runs in another graph: that of a function inside this one."""
        return self.tf.compat.v1.get_default_graph() is not self._graph

    def has(self, tensor: Any) -> bool:
        """Whether a tensor is one of the graph, or has parts there; not an array."""
        parts = self._parts_of(tensor)
        if parts is not None:
            return any(map(self.has, parts))
        return hasattr(tensor, "op") and getattr(tensor, "graph", None) is self._graph

    def is_tensor(self, value: Any) -> bool:
        """Whether a value is a tensor, a weight, an array of TensorFlow's, or made of such."""
        return bool(self.tf.is_tensor(value)) or isinstance(value, self.tf.TensorArray)

    # Tensors that no operation makes

    def placeholder(
        self, tensor: keras.KerasTensor, dtype: str | None = None, *, is_sparse: bool = False
    ) -> Any:
        """A tensor of the graph of the same shape and dtype, that no operation makes.

        One whose number is known has it, for code that makes shapes of it.
        """
        number = self.tracer.numbers.of(tensor)
        if number is not None:
            known = self.tf.constant(number, dtype=dtype or tensor.dtype)
            self.note_data(known)
            return known
        make = self.tf.compat.v1.placeholder
        if is_sparse:
            make = self.tf.compat.v1.sparse_placeholder
        made = make(shape=tensor.shape, dtype=dtype or tensor.dtype)
        self.note_data(made)
        return made

    def from_outside(self, tensor: keras.KerasTensor, dtype: str | None = None) -> Any:
        """A tensor of the graph for which this one stands, which is made outside all code in it.

        Of its own dtype, or of another that it is cast to.
        """
        key = (id(tensor), dtype or tensor.dtype)
        if key not in self._outside:
            with self.as_default():  # which code in a function inside the graph captures
                made = self._outside[key] = self.placeholder(tensor, dtype)
            self.bind(made, tensor)
            self._is_outside.add(id(tensor))
        return self._outside[key]

    def weight(self, variable: keras.Variable) -> Any:
        """A tensor of the graph that stands for a weight, as Keras casts it."""
        return self.from_outside(self.tracer.weight(variable), variable.dtype)

    def is_outside(self, tensor: keras.KerasTensor) -> bool:
        """Whether the symbolic tensor was made outside all code in the graph: a weight, say."""
        return id(tensor) in self._is_outside

    # What stands for what

    def symbolic(self, value: Any) -> Any:
        """The symbolic tensor that stands for a tensor of the graph; other values as they are."""
        if isinstance(value, keras.KerasTensor) or not self.is_tensor(value):
            return value
        if is_weight(value):
            return self.tracer.weight(value)
        value = self._read(value)
        if not self.has(value):
            return self.tracer.as_symbolic(value)
        key = self._key(value)
        if key not in self._symbolic:
            self.bind(value, self.like(value))
        return self._symbolic[key]

    def handed_on(self, value: Any) -> Any:
        """As `symbolic`, for what calls take and return; sizes are noted that are known."""
        made = self.symbolic(value)
        if isinstance(value, self.tf.Tensor) and value.dtype in {self.tf.int32, self.tf.int64}:
            number = self._number(value) if self.has(value) else None
            if number is not None:
                self.tracer.numbers.note(made, number)
        return made

    def _number(self, value: Any) -> Any:
        """The number of a size that is known, such as ``tf.shape(x)[-1]``; else ``None``."""
        number = self.tf.get_static_value(value)
        if number is not None or value.shape.rank != 0:
            return number
        # TensorFlow tells no more by itself than the shape of what is made with the number.
        with self._graph.as_default(), contextlib.suppress(ValueError):
            number = self.tf.fill(self.tf.stack([value]), False).shape[0]
        return number

    def of_graph(self, value: Any) -> Any:
        """As `symbolic`; but arrays stay what they are: constants of an operation."""
        value = self._read(value)
        is_array = self.is_tensor(value) and not self.has(value)
        is_constant = is_array and not is_weight(value)
        return value if is_constant else self.symbolic(value)

    def _read(self, value: Any) -> Any:
        """What a variable of TensorFlow's holds, as a tensor of the graph; others as they are."""
        is_variable = isinstance(value, self.tf.Variable)
        return self.tf.convert_to_tensor(value) if is_variable else value

    def bind(self, value: Any, tensor: keras.KerasTensor) -> None:
        """Have the symbolic tensor stand for the tensor of the graph, which has none yet."""
        self._symbolic[self._key(value)] = tensor
        parts = self._parts_of(value)
        if parts is None:
            self._raw.setdefault(id(tensor), value)
        else:
            self._parts[id(tensor)] = list(map(self.symbolic, filter(self.has, parts)))
            self._classes[id(tensor)] = type(value).__name__

    def is_bound(self, value: Any) -> bool:
        """Whether a symbolic tensor stands for the tensor of the graph."""
        return self._key(value) in self._symbolic

    def of_symbolic(self, tensor: Any) -> Any:
        """The tensor of the graph for which this one stands; one from outside if there is none."""
        if not isinstance(tensor, keras.KerasTensor):
            return tensor
        raw = self.raw(tensor)
        return self.from_outside(tensor) if raw is None else raw

    def raw(self, tensor: keras.KerasTensor) -> Any:
        """The tensor of the graph that a symbolic one stands for, or ``None``."""
        return self._raw.get(id(tensor))

    def parts(self, tensor: keras.KerasTensor) -> Sequence[keras.KerasTensor]:
        """What stands for the parts of what a symbolic tensor stands for, if it has such."""
        return self._parts.get(id(tensor), ())

    def class_of(self, tensor: keras.KerasTensor) -> str:
        """The class of what a symbolic tensor stands for that has parts."""
        return self._classes.get(id(tensor), "TensorArray")

    def _parts_of(self, value: Any) -> list[Any] | None:
        tf = self.tf
        if isinstance(value, tf.TensorArray):
            return [value.flow]
        if isinstance(value, tf.RaggedTensor | tf.SparseTensor | tf.IndexedSlices):
            parts: list[Any] = tf.nest.flatten(value, expand_composites=True)
            return parts
        return None

    def _key(self, value: Any) -> Any:
        parts = self._parts_of(value)
        if parts is None:
            return value.ref()
        kept = tuple(part.ref() for part in parts if hasattr(part, "ref"))
        return (type(value).__name__, kept)

    def like(self, value: Any) -> keras.KerasTensor:
        """A symbolic tensor of the same shape and dtype."""
        tf, new = self.tf, self.tracer.new
        if isinstance(value, tf.TensorArray):  # as it will be stacked
            return new((None, *_sizes(value.element_shape)), value.dtype.name)
        if value.dtype.name in _NO_DTYPES_OF_KERAS:
            made = _Handle((), "bool")
            made.kind = value.dtype.name
            return made
        is_sparse = isinstance(value, tf.SparseTensor)
        return new(_sizes(value.shape), value.dtype.name, **({"sparse": True} if is_sparse else {}))

    # What depends on data

    def note_data(self, outputs: Any) -> None:
        """Note that these tensors of the graph are data, whatever they were made of."""
        for value in keras.tree.flatten(outputs):
            for part in self._parts_of(value) or [value]:
                if hasattr(part, "ref") and self.has(part):
                    self._carries[part.ref()] = True

    def is_data(self, value: Any) -> bool:
        """Whether a value is a weight, or was computed from data, not from shapes alone."""
        if is_weight(value):
            return True
        if not self.is_tensor(value) or not self.has(value):
            return False
        return any(map(self._computed_from_data, self._parts_of(value) or [value]))

    def _computed_from_data(self, tensor: Any) -> bool:
        known = self._carries
        stack = [tensor]
        while stack:
            one = stack[-1]
            if one.ref() in known:
                stack.pop()
                continue
            inputs = () if one.op.type in SHAPES else one.op.inputs
            unknown = [source for source in inputs if source.ref() not in known]
            if unknown:
                stack.extend(unknown)
            else:
                known[one.ref()] = any(known[source.ref()] for source in inputs)
                stack.pop()
        return known[tensor.ref()]

    def told_apart(self, outputs: Any, given: Any) -> Any:
        """The outputs as tensors of the graph, with another for each that was given, or is twice.

        Dropout and its like hand back what they take; it would be taken for what they make. Cells
        make an output that is a state, too.
        """
        ids = {id(leaf) for leaf in keras.tree.flatten(given)}

        def other(value: Any) -> Any:
            if not self.tf.is_tensor(value) or self._parts_of(value) is not None:
                return value
            if self.has(value) and id(value) not in ids:
                ids.add(id(value))
                return value
            return self.copy(value)

        return keras.tree.map_structure(other, outputs)

    def copy(self, value: Any) -> Any:
        """A tensor of the graph that is equal to this one."""
        made = self.tf.identity(value)
        mask = history.mask_of(value)
        if mask is not None:
            history.attach_mask(made, mask)
        return made


#: Dtypes of what isn't data itself, but leads to it.
_NO_DTYPES_OF_KERAS = {"resource", "variant"}


class _Handle(keras.KerasTensor):
    """Stands for a tensor that holds others: a list, say."""

    kind = "variant"

    @property
    def dtype(self) -> str:
        return self.kind

    @dtype.setter
    def dtype(self, _value: str) -> None:
        """Keras has no such dtype; some releases assign one when they make the tensor."""


def is_handle(tensor: keras.KerasTensor) -> bool:
    """Whether it stands for a tensor that is no data itself, but holds others."""
    return isinstance(tensor, _Handle)


def _sizes(shape: Iterable[int | None]) -> tuple[int | None, ...]:
    return (None,) if getattr(shape, "rank", 0) is None else tuple(shape)
