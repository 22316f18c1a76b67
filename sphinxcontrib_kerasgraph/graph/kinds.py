"""What calls and groups of calls are: closed sets, which colours, folding and labels go by.

An author's own kind tells but the colour, and the name in the legend.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class CallKind(StrEnum):
    """What a layer or operation is for. Each has its colour in `draw.theme`."""

    CONVOLUTION = "convolution"
    DENSE = "dense"
    NORMALIZATION = "normalization"
    ACTIVATION = "activation"
    POOLING = "pooling"
    RECURRENT = "recurrent"
    ATTENTION = "attention"
    EMBEDDING = "embedding"
    MERGE = "merge"
    RESHAPE = "reshape"
    REGULARIZATION = "regularization"
    PREPROCESSING = "preprocessing"
    #: An author's own layer, or one of Keras's that fits no other kind.
    CUSTOM = "custom"
    OTHER = "other"
    #: A bare operation.
    OPERATION = "operation"
    #: Control flow, and a function that it calls.
    CONTROL = "control"
    FUNCTION = "function"
    INPUT = "input"
    CONSTANT = "constant"
    #: A weight that the code uses itself, beside what it calls.
    WEIGHT = "weight"
    LOSS = "loss"
    #: A model inside a model.
    MODEL = "model"
    #: A model beside others in one graph, which has inputs of its own inside.
    SUBMODEL = "submodel"
    #: Made by a view: a block of what names or structure put together, and what stands for calls
    #: beyond the part of the model that is shown.
    GROUP = "group"
    STUB = "stub"
    #: Made by a view: what stands for calls that are far from any change.
    CONTEXT = "context"


@dataclass(frozen=True)
class OwnKind:
    """A kind that an author has made, or a kind of ours in a colour of the author's."""

    #: What the author calls it; empty where only the colour is the author's.
    name: str
    #: As ``#rrggbb``, such that text in it is read; empty for that of the kind it is in place of.
    color: str = ""
    #: The kind of ours that it is in place of.
    of: CallKind = CallKind.CUSTOM


#: What a box has the colour of.
Kind: TypeAlias = CallKind | OwnKind

#: What takes no tensor.
SOURCES = frozenset({CallKind.INPUT, CallKind.CONSTANT, CallKind.WEIGHT})

#: What belongs to the layer before it.
FOLLOWERS = frozenset({CallKind.NORMALIZATION, CallKind.ACTIVATION, CallKind.REGULARIZATION})


class GroupKind(StrEnum):
    """Why a view has put calls together."""

    #: The same structure several times in a row, drawn once with ×N.
    FOLD = "fold"
    #: The same structure several times side by side, drawn once.
    BESIDE = "beside"
    #: A straight chain, drawn as one box.
    STACK = "stack"
    #: The same structure in several places, drawn once, apart.
    PART = "part"
    #: Names that begin alike.
    NAMES = "names"
