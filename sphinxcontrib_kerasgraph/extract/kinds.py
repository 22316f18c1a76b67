"""What a layer or operation is for, from its class."""

from __future__ import annotations

import re

import keras

#: Public names of Keras layers by kind, as patterns that match whole names. The first that
#: matches the class, or the nearest of its bases that Keras has, decides.
_LAYERS = {
    "input": "InputLayer",
    "recurrent": "RNN|.*RNN(Cell)?s?|LSTM.*|GRU.*|ConvLSTM.*|StackedRNNCells|Bidirectional",
    "convolution": ".*Conv.*",
    "dense": "Dense|EinsumDense",
    "normalization": ".*Normalization",
    "activation": "Activation|.*ReLU|ELU|Softmax",
    "pooling": ".*Pool.*",
    "attention": ".*Attention",
    "embedding": ".*Embedding",
    "merge": "Add|Average|Concatenate|Dot|Maximum|Minimum|Multiply|Subtract",
    "reshape": "Reshape|Flatten|Permute|RepeatVector|Cropping.*|ZeroPadding.*|UpSampling.*",
    "regularization": ".*Dropout.*|GaussianNoise|ActivityRegularization",
    "preprocessing": "Random.*|.*Crop|Resizing|Rescaling|.*Lookup|TextVectorization|Hash.*"
    "|CategoryEncoding|Discretization|Pipeline|.*Spectrogram|AugMix|CutMix|MixUp|RandAugment"
    "|AutoContrast|Solarization|.*Equalization|MaxNumBoundingBoxes",
}
_LAYER_KINDS = {kind: re.compile(pattern) for kind, pattern in _LAYERS.items()}

_OPERATION_KINDS = {
    "control": re.compile("Cond|Switch|WhileLoop|ForiLoop|Scan|Map|VectorizedMap"),
    "activation": re.compile(
        "C?[Ee][Ll][Uu]|.*Relu6?|Softmax|LogSoftmax|.*[Ss]igmoid|.*Tanh|Silu|Gelu|Selu|Soft.*"
        "|Glu|Sparsemax|Squareplus|.*Shrink|Threshold"
    ),
    "convolution": re.compile(".*Conv.*"),
    "pooling": re.compile(".*Pool"),
    "normalization": re.compile(".*Normaliz.*|.*Norm"),
    "attention": re.compile("DotProductAttention"),
    "reshape": re.compile(
        "GetItem|Reshape|Transpose|Squeeze|ExpandDims|Ravel|Swapaxes|Moveaxis|Repeat|Tile|Pad"
        "|Flip|Roll|.*[Ss]plit|Take|TakeAlongAxis|BroadcastTo|Unstack|Slice|Cast"
    ),
}


def kind_of(operation: keras.Operation, tensors: int) -> str:
    """The kind of a layer or operation that was called with so many ``tensors``.

    One of the keys of `draw.theme.KINDS`. A layer is of the kind of the nearest base class that
    Keras publishes; what derives from `keras.Layer` alone is ``custom``.
    """
    if isinstance(operation, keras.Model | keras.Function):
        return "model"
    if not isinstance(operation, keras.Layer):
        for kind, pattern in _OPERATION_KINDS.items():
            if pattern.fullmatch(type(operation).__name__):
                return kind
        return "merge" if tensors > 1 else "operation"
    for cls in type(operation).__mro__:
        if cls is keras.Layer:
            return "custom"
        if getattr(keras.layers, cls.__name__, None) is cls:
            return _layer_kind(cls.__name__)
    return "custom"


def _layer_kind(name: str) -> str:
    for kind, pattern in _LAYER_KINDS.items():
        if pattern.fullmatch(name):
            return kind
    return "other"
