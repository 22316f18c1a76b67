"""What is said where a model can't be called with what it is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.construct.forms import Form, dtype_text, forms_of, shape_text
from sphinxcontrib_kerasgraph.extract.construct.functions import FunctionLayer
from sphinxcontrib_kerasgraph.extract.construct.inputs import given_shapes
from sphinxcontrib_kerasgraph.extract.construct.missing import form_advice, kind_of, shapes_advice
from sphinxcontrib_kerasgraph.extract.construct.parameters import Parameters
from sphinxcontrib_kerasgraph.extract.errors import (
    cause_of,
    described,
    is_of_shapes,
    own_traceback,
)
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import shapes_in

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.extract.construct.forms import FormTree

_SHAPES = (
    "Check the input shape, which leaves out the batch dimension, the input dtype, and the "
    "{method!r} of the model."
)
_CODE = "Mend the {method!r} of the model; {{more}} shows the traceback."
#: What is said where floats are given for whole numbers.
_WANTS_WHOLE = re.compile(r"\bu?int(8|16|32|64)?\b|\binteger")


def failed_call_fault(model: keras.Layer, calling: Calling, error: Exception) -> Fault:
    """That the call raised this error, and what to write if that can be known.

    The input shape is doubted where it may be at fault.
    """
    advice = other_form(model, calling) or _other_dtype(model, calling, error)
    return Fault(
        "build",
        f"{_told(model)} can't be called with the input shape "
        f"{shape_text(calling.input_shape)}: {described(error)}.",
        advice or (_SHAPES if is_of_shapes(error) else _CODE).format(method=calling.trace),
        own_traceback(error),
    )


def check_inputs(model: Any, calling: Calling) -> None:
    """Raise `Fault` ``build`` if other inputs are given for a model that has some already.

    It may be asked for with those that it has: a function of tensors made it of them; or a module's
    model is drawn twice.
    """
    if calling.input_shape is None and calling.input_dtype is None:
        return
    known = [tuple(tensor.shape) for tensor in model.inputs]
    given = shapes_in(calling.input_shape)
    # Keras 2 has TensorFlow's dtypes.
    dtypes = {str(getattr(tensor.dtype, "name", tensor.dtype)) for tensor in model.inputs}
    asked = dtypes if calling.input_dtype is None else {*keras.tree.flatten(calling.input_dtype)}
    if sorted(str(shape[1:]) for shape in known) == sorted(map(str, given)) and asked == dtypes:
        return
    shapes = ", ".join(map(str, known))
    raise Fault(
        "build",
        f"The model {model.name!r} already has inputs of the shape {shapes}.",
        "Remove {option input-shape} and {option input-dtype}.",
    )


def _told(layer: keras.Layer) -> str:
    """What couldn't be called: a model, a layer, or a method of one."""
    if isinstance(layer, FunctionLayer) and layer.owner is not None:
        return f"The {layer.name!r} of {layer.owner.name!r}"
    return f"The {kind_of(layer)} {layer.name!r}"


def _forms(model: keras.Layer, calling: Calling) -> tuple[dict[str, FormTree], dict[str, Any]]:
    """What the arguments would be, and the shapes that they are given."""
    parameters = Parameters.of_layer(model)
    literals = parameters.literals(calling, of_keras=True)
    given = given_shapes(parameters, calling.input_shape or (), literals)
    named = [name for name in given if name in parameters.names]
    return forms_of(parameters, literals, named), given


def other_form(model: keras.Layer, calling: Calling) -> str | None:
    """What to give in place of a tensor, or of a dict with other keys, or of a shorter list."""
    forms, given = _forms(model, calling)
    if all(_is_of(given[name], form) for name, form in forms.items()):
        return None
    if len(forms) > 1:
        return shapes_advice(forms, given)
    ((name, form),) = forms.items()
    return form_advice(form, given[name])


def _is_of(shapes: Any, form: FormTree) -> bool:
    """Whether these shapes are in a dict or list of the form's keys or length."""
    if isinstance(form, Form):
        return True
    if isinstance(form, list):
        has_length = isinstance(shapes, list) and len(shapes) >= len(form)
        return has_length and all(map(_is_of, shapes, form))
    if not isinstance(shapes, dict):
        return False
    return all(key in shapes and _is_of(shapes[key], one) for key, one in form.items())


def _other_dtype(model: keras.Layer, calling: Calling, error: Exception) -> str | None:
    """Which dtype to give, where none is given and the error asks for one."""
    if calling.input_dtype is not None:
        return None
    cause = cause_of(error)
    forms, _ = _forms(model, calling)
    known = dtype_text(next(iter(forms.values())) if len(forms) == 1 else forms) if forms else None
    if known is None and not _WANTS_WHOLE.search(cause):
        return None
    if known is None or ("dtype" in cause or _WANTS_WHOLE.search(cause) or "string" in cause):
        return f"Give the dtype, too: {{option input-dtype={known or 'int32'}}}."
    return None
