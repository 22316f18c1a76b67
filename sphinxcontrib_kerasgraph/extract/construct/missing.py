"""What is said where a model can't be called for want of shapes and other arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.construct.forms import (
    Form,
    dtype_text,
    forms_of,
    merged,
    shape_text,
)
from sphinxcontrib_kerasgraph.extract.construct.parameters import Parameters, listed
from sphinxcontrib_kerasgraph.extract.legacy.imported import is_legacy_model
from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.attributes import held_by
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.extract.construct.forms import FormTree

_ANY_SHAPE = (
    "Give its shape without the batch dimension: {option input-shape=(224, 224, 3)}{or_in_python}."
)
_LIST = (
    "Give the shapes of its arguments as a list, without the batch dimension: "
    "{option input-shape=[(…), (…)]}."
)
#: Shapes that say less than an example.
_VAGUE = {"(…)", "(…, …)", "(…, …, …)"}
#: So many parts are told.
_TOLD = 8


def unbuilt_fault(model: keras.Layer, calling: Calling) -> Fault:
    """That it isn't known what the model is called with; and what it needs."""
    parameters = Parameters.of_layer(model)
    literals = parameters.literals(calling, of_keras=True)
    needed = [one for one in parameters.required if one not in literals]
    tensors = [one for one in needed if not is_literal(parameters, one)]
    others = [one for one in needed if one not in tensors]
    forms = {} if isinstance(model, keras.Sequential) else forms_of(parameters, literals, tensors)
    first: FormTree = next(iter(forms.values()), Form())
    if parameters.several is not None and not tensors:
        said = [_LIST]
    elif len(tensors) > 1:
        said = [shapes_advice(forms, {})]
    elif not isinstance(first, Form) or first.shape not in _VAGUE:
        said = [form_advice(first, None)]
    else:
        said = [_ANY_SHAPE]
    if others:
        said.append(literals_advice(parameters, others))
    names = f": {parameters.owner} needs {listed(needed)}" if len(needed) > 1 else ""
    return Fault(
        "build",
        f"The {kind_of(model)} {model.name!r} has no input shape{names}.",
        " ".join([*said, *_parts_advice(model)]),
    )


def kind_of(layer: keras.Layer) -> str:
    """What it is in messages, of whichever Keras: ``model`` or ``layer``."""
    return "model" if isinstance(layer, keras.Model) or is_legacy_model(layer) else "layer"


def missing_arguments_fault(
    parameters: Parameters, given: Mapping[str, Any], literals: Mapping[str, Any]
) -> Fault:
    """That arguments aren't given: ``given`` are the shapes of those that are, by name."""
    missing = [one for one in parameters.required if one not in given and one not in literals]
    tensors = [one for one in missing if not is_literal(parameters, one)]
    others = [one for one in missing if one not in tensors]
    needed = [
        one
        for one in parameters.required
        if one in missing or (one not in literals and not is_literal(parameters, one))
    ]
    isn_t = "isn't given" if len(missing) == 1 else "aren't given"
    told = "" if needed == missing else f"; {listed(missing)} {isn_t}"
    said = []
    if tensors:
        forms = forms_of(parameters, literals, [*given, *tensors])
        said.append(shapes_advice(forms, given))
    if others:
        said.append(literals_advice(parameters, others))
    return Fault("build", f"{parameters.owner} needs {listed(needed)}{told}.", " ".join(said))


def too_many_fault(parameters: Parameters, number: int, literals: Mapping[str, Any]) -> Fault:
    """That there are more shapes than arguments that could be given one."""
    taken = [name for name in parameters.possible if name not in literals]
    return Fault(
        "build",
        f"{parameters.owner} takes {listed(taken)}, and {number} shapes are given.",
        shapes_advice(forms_of(parameters, literals, taken), {}),
    )


def is_literal(parameters: Parameters, name: str) -> bool:
    """Whether a required argument is given as a literal, rather than by its shape."""
    return parameters.is_plain(name) or parameters.is_mask(name)


def literals_advice(parameters: Parameters, names: Collection[str]) -> str:
    """How to give arguments that are no tensors."""
    filled = ", ".join(f'"{name}": {parameters.literal(name)}' for name in names)
    return f"Give what is no tensor as it is: {{option call={{{filled}}}}}."


def shapes_advice(forms: dict[str, FormTree], given: Mapping[str, Any]) -> str:
    """How to give arguments by their names; some shapes may be given already."""
    return f"Give the shapes by their names, {_options(forms, dict(given))}."


def form_advice(form: FormTree, given: Any) -> str:
    """How to give the one argument."""
    match form:
        case dict():
            what = "the shapes of the dict that it takes"
        case list():
            what = "the shapes of the list that it takes"
        case _:
            what = "its shape"
    return f"Give {what}, {_options(form, given)}."


def _options(form: FormTree, given: Any) -> str:
    form = merged(form, given)
    shape = f"{{option input-shape={shape_text(form)}}}"
    dtype = dtype_text(form)
    more = f", with {{option input-dtype={dtype}}}" if dtype else ""
    return f"without the batch dimension: {shape}{more}"


def _parts_advice(model: keras.Layer) -> list[str]:
    """Which of the models that it holds can be drawn as they are."""
    parts = [
        f".{name}"
        for name, part in held_by(model).items()
        if isinstance(part, keras.Model) and history.is_recorded(part)
    ]
    if not parts:
        return []
    told = ", ".join(parts[:_TOLD]) + ", …" * (len(parts) > _TOLD)
    return [f"Or draw a part of it, by its attribute behind the target: {told}."]
