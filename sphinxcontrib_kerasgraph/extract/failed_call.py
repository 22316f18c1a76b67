"""What is said where a model can't be called with what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.extract.construct.missing import written
from sphinxcontrib_kerasgraph.extract.errors import described, is_of_shapes, own_traceback
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    import keras

    from sphinxcontrib_kerasgraph.calling import Calling

_SHAPES = (
    "Check the input shape, which leaves out the batch dimension, the input dtype, and the 'call' "
    "of the model."
)
_CODE = "Mend the 'call' of the model; {more} shows the traceback."


def failed_call_fault(model: keras.Layer, calling: Calling, error: Exception) -> Fault:
    """That the call raised this error; the input shape is doubted where it may be at fault."""
    return Fault(
        "build",
        f"The model {model.name!r} can't be called with the input shape "
        f"{written(calling.input_shape)}: {described(error)}.",
        _SHAPES if is_of_shapes(error) else _CODE,
        own_traceback(error),
    )
