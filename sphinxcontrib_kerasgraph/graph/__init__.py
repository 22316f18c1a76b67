"""What a Keras model does, as plain values: calls, what is inside them, and the tensors between."""

from sphinxcontrib_kerasgraph.graph.calls import (
    BLOCK,
    Call,
    CallGraph,
    Edge,
    Group,
    Parameters,
    Port,
    Tensor,
)
from sphinxcontrib_kerasgraph.graph.kinds import (
    FOLLOWERS,
    SOURCES,
    CallKind,
    GroupKind,
    Kind,
    OwnKind,
)
from sphinxcontrib_kerasgraph.graph.marks import UNMARKED, Amount, Change, Marks, Style
from sphinxcontrib_kerasgraph.graph.model import FORMAT, ModelGraph

__all__ = [
    "BLOCK",
    "FOLLOWERS",
    "FORMAT",
    "SOURCES",
    "UNMARKED",
    "Amount",
    "Call",
    "CallGraph",
    "CallKind",
    "Change",
    "Edge",
    "Group",
    "GroupKind",
    "Kind",
    "Marks",
    "ModelGraph",
    "OwnKind",
    "Parameters",
    "Port",
    "Style",
    "Tensor",
]
