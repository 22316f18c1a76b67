"""What is said where a model can't be called for want of shapes and other arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.construct.parameters import Parameters, listed
from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.attributes import held_by
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sphinxcontrib_kerasgraph.calling import Calling

_ONE_SHAPE = (
    "Give its shape without the batch dimension: {option input-shape=(224, 224, 3)}{or_in_python}."
)
#: So many parts are told.
_TOLD = 8
#: A shape that the author has to fill in.
UNKNOWN = "(…)"


def unbuilt_fault(model: keras.Layer, calling: Calling) -> Fault:
    """That it isn't known what the model is called with; and what it needs."""
    parameters = Parameters.of_layer(model)
    literals = parameters.literals(calling, of_keras=True)
    needed = [one for one in parameters.required if one not in literals]
    tensors = [one for one in needed if not is_literal(parameters, one)]
    others = [one for one in needed if one not in tensors]
    if len(tensors) < 2:
        said = [_ONE_SHAPE, *([literals_advice(parameters, others)] if others else [])]
    else:
        said = [_advice(parameters, dict.fromkeys(tensors, UNKNOWN), tensors, others)]
    names = f": {parameters.owner} needs {listed(needed)}" if len(needed) > 1 else ""
    return Fault(
        "build",
        f"The model {model.name!r} has no input shape{names}.",
        " ".join([*said, *_parts_advice(model)]),
    )


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


def missing_arguments_fault(
    parameters: Parameters, given: Mapping[str, Any], literals: Collection[str]
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
    told = "" if needed == missing else f"; {listed(missing)} {_not_given(missing)}"
    return Fault(
        "build",
        f"{parameters.owner} needs {listed(needed)}{told}.",
        _advice(parameters, {**given, **dict.fromkeys(tensors, UNKNOWN)}, tensors, others),
    )


def too_many_fault(parameters: Parameters, taken: list[str], number: int) -> Fault:
    """That there are more shapes than arguments that could be given one."""
    return Fault(
        "build",
        f"{parameters.owner} takes {listed(taken)}, and {number} shapes are given.",
        "Give a shape for each by its name: "
        f"{{option input-shape={written(dict.fromkeys(taken, UNKNOWN))}}}.",
    )


def is_literal(parameters: Parameters, name: str) -> bool:
    """Whether a required argument is given as a literal, rather than by its shape."""
    return parameters.is_plain(name) or parameters.is_mask(name)


def literals_advice(parameters: Parameters, names: Collection[str]) -> str:
    """How to give arguments that are no tensors."""
    filled = ", ".join(f'"{name}": {parameters.literal(name)}' for name in names)
    return f"Give what is no tensor as it is: {{option call={{{filled}}}}}."


def written(shapes: Any) -> str:
    """Shapes as the author writes them; a text stands for itself."""
    match shapes:
        case str():
            return shapes
        case dict():
            filled = ", ".join(f'"{key}": {written(one)}' for key, one in shapes.items())
            return f"{{{filled}}}"
        case list():
            return f"[{', '.join(map(written, shapes))}]"
    return repr(shapes)


def _advice(
    parameters: Parameters, shapes: Mapping[str, Any], tensors: list[str], others: list[str]
) -> str:
    said = []
    if tensors:
        said.append(
            "Give the shapes by their names, without the batch dimension: "
            f"{{option input-shape={written(dict(shapes))}}}."
        )
    if others:
        said.append(literals_advice(parameters, others))
    return " ".join(said)


def _not_given(names: list[str]) -> str:
    return "isn't given" if len(names) == 1 else "aren't given"
