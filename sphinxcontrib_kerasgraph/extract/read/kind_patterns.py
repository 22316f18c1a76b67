"""What a layer or operation is for, from its class."""

from __future__ import annotations

import re
from typing import Any

import keras

from sphinxcontrib_kerasgraph.graph import CallKind

#: Public names of Keras layers by kind, as patterns that match whole names. The first that
#: matches the class, or the nearest of its bases that Keras has, decides.
_LAYERS = {
    CallKind.INPUT: "InputLayer",
    CallKind.RECURRENT: "RNN|.*RNN(Cell)?s?|LSTM.*|GRU.*|ConvLSTM.*|StackedRNNCells|Bidirectional",
    CallKind.CONVOLUTION: ".*Conv.*",
    CallKind.DENSE: "Dense|EinsumDense",
    CallKind.NORMALIZATION: ".*Normalization",
    CallKind.ACTIVATION: "Activation|.*ReLU|ELU|Softmax",
    CallKind.POOLING: ".*Pool.*",
    CallKind.ATTENTION: ".*Attention",
    CallKind.EMBEDDING: ".*Embedding",
    CallKind.MERGE: "Add|Average|Concatenate|Dot|Maximum|Minimum|Multiply|Subtract",
    CallKind.RESHAPE: "Reshape|Flatten|Permute|RepeatVector|Cropping.*|ZeroPadding.*|UpSampling.*",
    CallKind.REGULARIZATION: ".*Dropout.*|GaussianNoise|ActivityRegularization",
    CallKind.PREPROCESSING: "Random.*|.*Crop|Resizing|Rescaling|.*Lookup|TextVectorization|Hash.*"
    "|CategoryEncoding|Discretization|Pipeline|.*Spectrogram|AugMix|CutMix|MixUp|RandAugment"
    "|AutoContrast|Solarization|.*Equalization|MaxNumBoundingBoxes",
}
_LAYER_KINDS = {kind: re.compile(pattern) for kind, pattern in _LAYERS.items()}

_OPERATION_KINDS = {
    CallKind.CONTROL: re.compile("Cond|Switch|WhileLoop|ForiLoop|Scan|Map|VectorizedMap"),
    CallKind.ACTIVATION: re.compile(
        "C?[Ee][Ll][Uu]|.*Relu6?|Softmax|LogSoftmax|.*[Ss]igmoid|.*Tanh|Silu|Gelu|Selu|Soft.*"
        "|Glu|Sparsemax|Squareplus|.*Shrink|Threshold"
    ),
    CallKind.CONVOLUTION: re.compile(".*Conv.*"),
    CallKind.POOLING: re.compile(".*Pool"),
    CallKind.NORMALIZATION: re.compile(".*Normaliz.*|.*Norm"),
    CallKind.ATTENTION: re.compile("DotProductAttention"),
    CallKind.RESHAPE: re.compile(
        "GetItem|Reshape|Transpose|Squeeze|ExpandDims|Ravel|Swapaxes|Moveaxis|Repeat|Tile|Pad"
        "|Flip|Roll|.*[Ss]plit|Take|TakeAlongAxis|BroadcastTo|Unstack|Slice|Cast"
    ),
}


def kind_of(operation: keras.Operation, tensors: int) -> CallKind:
    """The kind of a layer or operation that was called with so many ``tensors``.

    A layer is of the kind of the nearest base class that Keras publishes; what derives from
    `keras.Layer` alone is `CallKind.CUSTOM`.
    """
    if isinstance(operation, keras.Model | keras.Function):
        return CallKind.MODEL
    if not isinstance(operation, keras.Layer):
        return operation_kind(type(operation).__name__, tensors)
    return layer_kind(type(operation), keras.layers)


def operation_kind(name: str, tensors: int) -> CallKind:
    """The kind of an operation of that name, as Keras names classes, of so many tensors."""
    for kind, pattern in _OPERATION_KINDS.items():
        if pattern.fullmatch(name):
            return kind
    return CallKind.MERGE if tensors > 1 else CallKind.OPERATION


def layer_kind(layer_class: type, layers: Any) -> CallKind:
    """The kind of a layer, by the nearest of its bases that the module ``layers`` publishes."""
    for cls in layer_class.__mro__:
        if cls is layers.Layer:
            break
        if getattr(layers, cls.__name__, None) is cls:
            return _layer_kind(cls.__name__)
    return CallKind.CUSTOM


def _layer_kind(name: str) -> CallKind:
    for kind, pattern in _LAYER_KINDS.items():
        if pattern.fullmatch(name):
            return kind
    return CallKind.OTHER
