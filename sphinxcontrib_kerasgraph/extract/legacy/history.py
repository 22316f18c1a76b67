"""Keras 2's record of symbolic calls, read: alone, but for `counts`, it touches what is private.

Keras 2 keeps the calls of a Functional model, and all other calls on what `tf_keras.Input` made,
as ``Node`` objects, in ``layer._inbound_nodes``, and where a tensor came from in
``tensor._keras_history``. None is public, and no public API tells as much. Checked with tf_keras
2.16 and 2.21; ``tests/extract/legacy/test_history.py`` fails loudly when one of them changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tf_keras

from sphinxcontrib_kerasgraph.extract.read import history

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The class of what `tf_keras.Input` makes.
KerasTensor: type = tf_keras.__internal__.KerasTensor

#: Both Kerases keep sublayers and masks in the same way.
layers_in = history.layers_in
sublayers = history.sublayers
own_weights = history.own_weights
mask_of = history.mask_of
attach_mask = history.attach_mask


def input_name(tensor: Any) -> str:
    """The name of a model's input, by which it takes the items of a dict."""
    return str(tensor._keras_history.layer.name)


def tensor_key(tensor: Any) -> tuple[int, int, int]:
    """Its layer, which of the layer's calls, which of its outputs; or, of no call, itself."""
    found = getattr(tensor, "_keras_history", None)
    if found is None:
        return (id(tensor), -1, -1)
    return (id(found.layer), found.node_index, found.tensor_index)


def node_of(tensor: Any) -> Any:
    """Keras's record of the call that made the tensor; ``None`` for one that no call made."""
    found = getattr(tensor, "_keras_history", None)
    return found.layer._inbound_nodes[found.node_index] if found is not None else None


def nodes_of(layer: Any) -> list[Any]:
    """The records of all calls of the layer."""
    nodes: list[Any] = layer._inbound_nodes
    return nodes


def forget(nodes: Sequence[Any]) -> None:
    """Remove records of calls, the last ones first, so that a trace leaves none behind."""
    for node in reversed(nodes):
        kept = node.layer._inbound_nodes
        if kept and kept[-1] is node:
            kept.pop()
        for source in node.parent_nodes:
            if node in source.layer._outbound_nodes:
                source.layer._outbound_nodes.remove(node)


def is_functional(model: Any) -> bool:
    """Whether Keras recorded calls when the model was made, whatever its ``call`` does."""
    return bool(getattr(model, "_is_graph_network", False))


def is_recorded(layer: Any) -> bool:
    """Whether Keras has recorded the calls inside: a Functional, or a built Sequential model."""
    if not isinstance(layer, tf_keras.Model) or not is_functional(layer):
        return False
    # A subclass may do something else when it is called.
    return str(type(layer).call.__module__).startswith("tf_keras.")


def losses_in(model: Any) -> list[Any]:
    """The records of ``model.add_loss(tensor)``, which Keras keeps as layers without a use."""
    return [node for layer in model.layers if is_loss(layer) for node in layer._inbound_nodes]


def is_internal(layer: Any) -> bool:
    """Whether Keras has made the layer for something that is none: a function, a loss, a metric."""
    return is_function(layer) or _is_own(layer, "AddLoss", "AddMetric")


def is_loss(layer: Any) -> bool:
    """Whether the layer stands for a call of ``add_loss``."""
    return _is_own(layer, "AddLoss")


def is_function(layer: Any) -> bool:
    """Whether the layer stands for a function of TensorFlow's, or a method of a tensor."""
    own = ("TFOpLambda", "SlicingOpLambda", "ClassMethod", "InstanceProperty", "InstanceMethod")
    return _is_own(layer, *own)


def _is_own(layer: Any, *names: str) -> bool:
    """Whether the layer's class is one that Keras uses by itself, under one of these names."""
    cls = type(layer)
    return cls.__name__ in names and cls.__module__.startswith("tf_keras.")


def function_name(layer: Any) -> tuple[str, str]:
    """Module and name of what the layer stands for, as users know them: ``tf.math``, ``add``."""
    if hasattr(layer, "cls_symbol"):
        return "tf", f"{layer.cls_symbol}.{layer.method_name}"
    if hasattr(layer, "attr_name"):
        return "tf", layer.attr_name
    if not layer.symbol:
        return layer.function.__module__, layer.function.__name__
    module, _, name = f"tf.{layer.symbol}".rpartition(".")
    return module, name


def dtype_seen(variable: Any, layer: Any) -> str:
    """The dtype in which the layer's code sees its weight."""
    autocast = hasattr(variable, "_should_cast") and variable.dtype.is_floating
    return str(layer.compute_dtype if autocast else variable.dtype.name)


def cast_dtype(layer: Any) -> str | None:
    """The dtype that the layer casts its first argument to, if that has floating point."""
    if not getattr(layer, "_autocast", False):
        return None
    dtype = layer.compute_dtype
    return dtype if dtype is not None and "float" in dtype else None
