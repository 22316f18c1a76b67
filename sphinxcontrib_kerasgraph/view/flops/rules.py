"""How the calls of each class of Keras are counted: the tables of the modules beside, as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.view.flops import (
    algebra,
    attention,
    convolutions,
    elementwise,
    free,
    images,
    normalization,
    products,
    recurrent,
)
from sphinxcontrib_kerasgraph.view.flops.raw import class_of
from sphinxcontrib_kerasgraph.view.flops.work import NONE, Work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinxcontrib_kerasgraph.graph import Call
    from sphinxcontrib_kerasgraph.view.flops.leaf import Leaf, Rule


def _none(_leaf: Leaf) -> Work:
    return NONE


LAYERS: Mapping[str, Rule] = {
    **dict.fromkeys(free.LAYERS, _none),
    **elementwise.LAYERS,
    **products.LAYERS,
    **convolutions.LAYERS,
    **attention.LAYERS,
    **recurrent.LAYERS,
    **normalization.LAYERS,
    **images.LAYERS,
}
OPERATIONS: Mapping[str, Rule] = {
    **dict.fromkeys(free.OPERATIONS, _none),
    **elementwise.OPERATIONS,
    **products.OPERATIONS,
    **convolutions.OPERATIONS,
    **attention.OPERATIONS,
    **normalization.OPERATIONS,
    **images.OPERATIONS,
    **algebra.OPERATIONS,
}
#: Where Keras itself is found, and what is called by its names: another class may do anything.
_HOMES = {"", "keras", "tf_keras", "tf"}


def is_known(call: Call) -> bool:
    """Whether the class is Keras's, or TensorFlow's."""
    return _home(call) in _HOMES


def _home(call: Call) -> str:
    return call.module.partition(".")[0]


def rule_of(leaf: Leaf) -> Rule | None:
    """How the operations of the call are counted; ``None`` if that isn't known."""
    call = leaf.call
    if not is_known(call):
        return _none if call.kind in free.KINDS else None
    # Functions of TensorFlow's are layers to Keras 2.
    if call.is_operation or _home(call) == "tf":
        found = OPERATIONS.get(class_of(call.module, call.class_name))
    else:
        found = LAYERS.get(call.class_name)
    return _none if found is None and call.kind in free.KINDS else found
