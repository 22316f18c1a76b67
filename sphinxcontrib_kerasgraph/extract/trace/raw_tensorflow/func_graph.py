"""A graph of TensorFlow, and the symbolic tensors that stand for its tensors.

The only module that touches a private name of TensorFlow: ``tf.__internal__.FuncGraph``, the graph
that ``tf.function`` fills, and in which Keras infers shapes. The public ``tf.Graph`` takes no
tensors from outside, such as the weights of layers; ``tf.function`` hides its graph until the code
has run. Checked with TensorFlow 2.16 and 2.21; ``tests/extract/trace/test_func_graph.py`` fails
loudly when it changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read import history

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sphinxcontrib_kerasgraph.extract.trace.protocol import Tracing


class SymbolicGraph:
    """One ``FuncGraph``, and the symbolic tensors that stand for its tensors."""

    def __init__(self, tracer: Tracing, tf: Any) -> None:
        self.tracer = tracer
        self.tf = tf
        self._graph = tf.__internal__.FuncGraph("kerasgraph")
        self._symbolic: dict[Any, keras.KerasTensor] = {}
        self._raw: dict[int, Any] = {}

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
        """Whether a tensor is one of the graph, not an array."""
        return hasattr(tensor, "op") and getattr(tensor, "graph", None) is self._graph

    def placeholder(self, tensor: keras.KerasTensor) -> Any:
        """A tensor of the graph of the same shape and dtype, that no operation makes."""
        return self.tf.compat.v1.placeholder(shape=tensor.shape, dtype=tensor.dtype)

    def symbolic(self, value: Any) -> Any:
        """The symbolic tensor that stands for a tensor of the graph; other values as they are."""
        if isinstance(value, keras.KerasTensor):
            return value
        if not self.tf.is_tensor(value):
            return value
        if not self.has(value):
            return self.tracer.as_symbolic(value)
        key = value.ref()
        if key not in self._symbolic:
            shape = tuple(value.shape) if value.shape.rank is not None else (None,)
            made = self._symbolic[key] = self.tracer.new(shape, value.dtype.name)
            self._raw[id(made)] = value
        return self._symbolic[key]

    def of_graph(self, value: Any) -> Any:
        """As `symbolic`; but arrays stay what they are: constants of an operation."""
        is_array = self.tf.is_tensor(value) and not self.has(value)
        return value if is_array else self.symbolic(value)

    def raw(self, tensor: keras.KerasTensor) -> Any:
        """The tensor of the graph that a symbolic one stands for, or ``None``."""
        return self._raw.get(id(tensor))

    def told_apart(self, outputs: Any, given: Any) -> Any:
        """The outputs, with another tensor for each that was given.

        Dropout and its like hand back what they take; it would be taken for what they make.
        """
        ids = {id(leaf) for leaf in keras.tree.flatten(given)}

        def other(value: Any) -> Any:
            if id(value) not in ids or not self.has(value):
                return value
            made = self.tf.identity(value)
            mask = history.mask_of(value)
            if mask is not None:
                history.attach_mask(made, mask)
            return made

        return keras.tree.map_structure(other, outputs)
