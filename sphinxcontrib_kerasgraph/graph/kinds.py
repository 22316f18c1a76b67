"""What calls and groups of calls are: closed sets, which colours, folding and labels go by."""

from __future__ import annotations

from enum import StrEnum


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
