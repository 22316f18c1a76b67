"""What is said where a model can't be called with what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras

from sphinxcontrib_kerasgraph.extract.construct.functions import FunctionLayer
from sphinxcontrib_kerasgraph.extract.construct.missing import written
from sphinxcontrib_kerasgraph.extract.errors import described, is_of_shapes, own_traceback
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.calling import Calling

_SHAPES = (
    "Check the input shape, which leaves out the batch dimension, the input dtype, and the "
    "{method!r} of the model."
)
_CODE = "Mend the {method!r} of the model; {{more}} shows the traceback."


def failed_call_fault(layer: keras.Layer, calling: Calling, error: Exception) -> Fault:
    """That the call raised this error; the input shape is doubted where it may be at fault."""
    return Fault(
        "build",
        f"{_told(layer)} can't be called with the input shape "
        f"{written(calling.input_shape)}: {described(error)}.",
        (_SHAPES if is_of_shapes(error) else _CODE).format(method=calling.trace),
        own_traceback(error),
    )


def _told(layer: keras.Layer) -> str:
    """What couldn't be called: a model, a layer, or a method of one."""
    if isinstance(layer, FunctionLayer) and layer.owner is not None:
        return f"The {layer.name!r} of {layer.owner.name!r}"
    return f"The {'model' if isinstance(layer, keras.Model) else 'layer'} {layer.name!r}"
