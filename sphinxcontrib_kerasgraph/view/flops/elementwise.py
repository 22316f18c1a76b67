"""What is done element by element: arithmetic, functions, activations, reductions."""

from __future__ import annotations

from typing import Any

from sphinxcontrib_kerasgraph.view.flops.leaf import Leaf, Rule, size
from sphinxcontrib_kerasgraph.view.flops.work import NONE, UNKNOWN_WORK, Work

#: For each element that comes out, by the class of an operation.
_ARITHMETIC = (
    *("Add", "Subtract", "Multiply", "Divide", "DivideNoNan", "TrueDivide", "FloorDivide", "Mod"),
    *("Power", "Negative", "Square", "Reciprocal", "Maximum", "Minimum", "Log", "Fmax", "Fmin"),
    *("Fmod", "Greater", "GreaterEqual", "Less", "LessEqual", "Equal", "NotEqual", "Outer", "Kron"),
)
_FUNCTIONS = (
    *("Absolute", "Abs", "Fabs", "Sign", "Ceil", "Floor", "Round", "Trunc", "Sqrt", "Cbrt"),
    *("Exp", "Exp2", "Expm1", "Log10", "Log1p", "Log2", "Erf", "Erfc", "Erfinv", "I0", "Where"),
    *("Sin", "Cos", "Tan", "Arcsin", "Arccos", "Arctan", "Arctan2", "Sinh", "Cosh", "Arcsinh"),
    *("Arccosh", "Arctanh", "Heaviside", "Isfinite", "Isinf", "Isnan", "Isneginf", "Isposinf"),
    *("NanToNum", "Signbit", "Nextafter", "Angle"),
)
#: Arithmetic and functions for each element, as the formula has them.
_FORMULAS = {
    "SquaredDifference": (2, 0),
    "Rsqrt": (2, 0),  # as the profiler has it: one divided by a root
    "Clip": (2, 0),
    "Deg2rad": (1, 0),
    "Rad2deg": (1, 0),
    "Hypot": (3, 1),
    "Sinc": (2, 1),
    "Ldexp": (1, 1),
    "Logaddexp": (3, 2),
    "Logaddexp2": (3, 2),
    "Isclose": (4, 2),
    "AllClose": (4, 2),
    "Polar": (2, 2),
    "BinaryCrossentropy": (5, 2),
    "CategoricalCrossentropy": (2, 1),
    "SparseCategoricalCrossentropy": (0, 1),
}
#: The same, by the name of a function of `keras.activations`. Those that aren't here are a
#: function, one for each element.
_COMPOSED = {
    "linear": (0, 0),
    # That there are five, the exponential among them, is the profiler's number.
    "softmax": (5, 0),
    "log_softmax": (5, 1),
    "silu": (1, 1),
    "swish": (1, 1),
    "glu": (1, 1),
    "hard_sigmoid": (2, 1),
    "hard_silu": (3, 1),
    "hard_swish": (3, 1),
    "gelu": (4, 1),
    "mish": (1, 2),
    "softsign": (2, 1),
    "squareplus": (4, 1),
    "tanh_shrink": (1, 1),
    "soft_shrink": (1, 1),
    "sparse_sigmoid": (2, 1),
    "sparse_plus": (3, 1),
}
_GELU_BY_TANH = (7, 1)
_ACTIVATIONS = {
    *("celu", "elu", "exponential", "hard_shrink", "hard_tanh", "leaky_relu", "log_sigmoid"),
    *("relu", "relu6", "selu", "sigmoid", "softplus", "tanh", "threshold"),
    *_COMPOSED,
}
#: The same for each element that goes in.
_REDUCTIONS = {
    "Sum": (1, 0),
    "Mean": (1, 0),
    "Nansum": (1, 1),
    "Nanmean": (1, 1),
    "Argmax": (1, 0),
    "Argmin": (1, 0),
    "Max": (0, 1),
    "Min": (0, 1),
    "Amax": (0, 1),
    "Amin": (0, 1),
    "Nanmax": (0, 2),
    "Nanmin": (0, 2),
    "Nanargmax": (1, 1),
    "Nanargmin": (1, 1),
    "Ptp": (0, 2),
    "Prod": (1, 0),
    "Nanprod": (1, 1),
    "Var": (4, 0),  # a mean, a squared difference, which is two, and a mean
    "Std": (4, 0),
    "Nanvar": (4, 1),
    "Nanstd": (4, 1),
    "Moments": (4, 0),
    "CountNonzero": (1, 0),
    "Logsumexp": (2, 2),
    "Cumsum": (1, 0),
    "Cumprod": (1, 0),
    "Nancumsum": (1, 1),
    "Nancumprod": (1, 1),
    "Diff": (1, 0),
    "Trapezoid": (3, 0),
    "SegmentSum": (1, 0),
    "SegmentProd": (1, 0),
    "SegmentMax": (0, 1),
    "SegmentMin": (0, 1),
    "Trace": (1, 0),
    "PSNR": (3, 0),
}


def activated(activation: Any, elements: int) -> Work:
    """The work of an activation on so many elements; unknown if it is none of Keras's."""
    if activation is None:
        return NONE
    if activation not in _ACTIVATIONS:
        return UNKNOWN_WORK
    return Work(*_COMPOSED.get(activation, (0, 1))) * elements


def activation_of(leaf: Leaf) -> Any:
    """The name of its activation, if Keras has that; else whatever the configuration says."""
    value = leaf.config.get("activation")
    return value if value is None or isinstance(value, str) else "an author's"


def elements_out(arithmetic: int, functions: int = 0) -> Rule:
    """So many operations for each element that comes out."""
    return lambda leaf: Work(arithmetic, functions) * size(leaf.made)


def elements_in(arithmetic: int, functions: int = 0) -> Rule:
    """So many operations for each element that goes in."""
    return lambda leaf: Work(arithmetic, functions) * size(leaf.taken)


def _merged(leaf: Leaf) -> Work:
    """One for each element, and each tensor after the first."""
    return Work(size(leaf.made) * (len(leaf.inputs) - 1))


def _averaged(leaf: Leaf) -> Work:
    return _merged(leaf) + Work(size(leaf.made))


def _weighted(leaf: Leaf) -> Work:
    """`keras.ops.average`: a mean, by weights if they are given."""
    return Work(3 if len(leaf.inputs) > 1 else 1) * size(leaf.taken)


def _gelu(leaf: Leaf) -> Work:
    each = _GELU_BY_TANH if leaf.has("approximate", default=True) else _COMPOSED["gelu"]
    return Work(*each) * size(leaf.made)


def _activation_layer(leaf: Leaf) -> Work:
    return activated(activation_of(leaf), size(leaf.made))


def _softmax_layer(leaf: Leaf) -> Work:
    return activated("softmax", size(leaf.made))


def _classes_of_activations() -> dict[str, Rule]:
    """By the class of an operation: ``LogSoftmax`` for ``log_softmax``."""
    return {
        "".join(map(str.capitalize, name.split("_"))): elements_out(*_COMPOSED.get(name, (0, 1)))
        for name in _ACTIVATIONS
    }


OPERATIONS: dict[str, Rule] = {
    **_classes_of_activations(),
    **dict.fromkeys(_ARITHMETIC, elements_out(1)),
    **dict.fromkeys(_FUNCTIONS, elements_out(0, 1)),
    **{name: elements_out(*each) for name, each in _FORMULAS.items()},
    **{name: elements_in(*each) for name, each in _REDUCTIONS.items()},
    "AddN": _merged,  # as TensorFlow has it
    "Average": _weighted,
    "Gelu": _gelu,
}
LAYERS: dict[str, Rule] = {
    **dict.fromkeys(("Add", "Subtract", "Multiply", "Maximum", "Minimum"), _merged),
    "Average": _averaged,
    "Activation": _activation_layer,
    "Softmax": _softmax_layer,
    **dict.fromkeys(("ReLU", "LeakyReLU", "ELU", "ThresholdedReLU"), elements_out(0, 1)),
    "PReLU": elements_out(3, 2),
    "Rescaling": elements_out(2),
    # Of keras.applications: ConvNeXt's, and InceptionResNetV2's sum of which one part is scaled.
    "LayerScale": elements_out(1),
    "CustomScaleLayer": elements_out(2),
}
