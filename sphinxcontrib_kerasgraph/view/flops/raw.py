"""Operations of TensorFlow's, by the class that Keras has for them."""

from __future__ import annotations

import re

#: Where the name isn't that of Keras's function.
_CLASSES = {
    "acos": "Arccos",
    "add_n": "AddN",
    "argmax": "Argmax",
    "argmin": "Argmin",
    "asin": "Arcsin",
    "atan": "Arctan",
    "atan2": "Arctan2",
    "bias_add": "Add",
    "concat": "Concatenate",
    "conv1d": "Conv",
    "conv2d": "Conv",
    "conv3d": "Conv",
    "clip_by_value": "Clip",
    "depthwise_conv2d": "DepthwiseConv",
    "floordiv": "FloorDivide",
    "floormod": "Mod",
    "gather": "Take",
    "getitem": "GetItem",
    "gather_nd": "Take",
    "pow": "Power",
    "rank": "Ndim",
    "realdiv": "Divide",
    "reverse": "Flip",
    "strided_slice": "GetItem",
    "stridedslice": "GetItem",
    "swish": "Silu",
    "truediv": "TrueDivide",
    "batch_to_space": "SpaceToDepth",
    "space_to_batch": "SpaceToDepth",
}
_REDUCTION = re.compile("reduce_")


def class_of(module: str, name: str) -> str:
    """The class of Keras's operations for what is called so in that module."""
    if module.partition(".")[0] != "tf":
        return name
    plain = _REDUCTION.sub("", name)
    return _CLASSES.get(plain) or "".join(word[:1].upper() + word[1:] for word in plain.split("_"))
