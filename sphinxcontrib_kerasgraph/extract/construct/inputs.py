"""What to call a model with whose inputs Keras hasn't recorded."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.arguments import CONTEXT
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import shape_tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.target import DtypeTree, ShapeTree

_UNBUILT = (
    "Give its shape without the batch dimension: {option input-shape=(224, 224, 3)}{or_in_python}."
)
_OF_ONE_FORM = (
    "Write {option input-dtype} in the form of {option input-shape}, or one dtype for all."
)


@dataclass(frozen=True)
class Inputs:
    """The arguments of a call, made of ``tensors``, each from an InputLayer of its own."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def tensors(self) -> list[keras.KerasTensor]:
        """The symbolic inputs, in the order of the arguments."""
        return [
            leaf
            for leaf in keras.tree.flatten((self.args, self.kwargs))
            if isinstance(leaf, keras.KerasTensor)
        ]


def known_inputs(model: keras.Layer, calling: Calling) -> Inputs | None:
    """What to call the model with; ``None`` where it can't be known, although it is built.

    A dict whose keys are arguments of ``call`` gives these by keyword, and a list is spread over
    the positional arguments if ``call`` requires as many; all else is the first argument.
    Raises `Fault` ``build`` if the model has no layers, or isn't built and no shape is given, or if
    the dtypes don't fit the shapes.
    """
    dtype = calling.input_dtype
    if calling.input_shape is not None:
        return described(model.call, calling)
    if isinstance(model, keras.Function):
        # Its own `call` takes what its graph does, unless it says otherwise.
        return _described(model.call, _own_shapes(model), dtype or _own_dtypes(model))
    if isinstance(model, keras.Sequential) and not model.layers:
        raise Fault("build", f"The model {model.name!r} has no layers.", "Add one to it.")
    if not model.built:
        raise Fault("build", f"The model {model.name!r} has no input shape.", _UNBUILT)
    return _built(model, dtype)


def has_known_inputs(model: keras.Layer) -> bool:
    """Whether Keras knows the shapes of what the model is called with."""
    if history.is_recorded(model) or isinstance(model, keras.Function):
        return True
    return bool(model.built) and _built(model) is not None


def described(function: Callable[..., Any], calling: Calling) -> Inputs:
    """Inputs of the shapes that are given, for a function."""
    if calling.input_shape is None:
        raise Fault("build", "The shapes of its inputs aren't known.", _UNBUILT)
    return _described(function, calling.input_shape, calling.input_dtype)


def _own_shapes(model: Any) -> Any:
    return keras.tree.map_structure(lambda tensor: tuple(tensor.shape)[1:], model.input)


def _own_dtypes(model: Any) -> Any:
    return keras.tree.map_structure(lambda tensor: str(tensor.dtype), model.input)


def _described(
    function: Callable[..., Any], shapes: ShapeTree, dtypes: DtypeTree | None = None
) -> Inputs:
    """Inputs of the shapes, named after the arguments of the function."""
    all_ = [*inspect.signature(function).parameters.values()]
    any_keyword = any(one.kind is one.VAR_KEYWORD for one in all_)
    parameters = [
        one for one in all_ if one.name not in CONTEXT and one.kind is not one.VAR_KEYWORD
    ]
    several = [one for one in parameters if one.kind is one.VAR_POSITIONAL]
    names = [one.name for one in parameters if one not in several]
    required = [one for one in parameters if one.default is one.empty and one not in several]
    if isinstance(shapes, dict) and (set(shapes) <= set(names) or (any_keyword and not names)):
        return Inputs((), {name: _made(shapes[name], _part(dtypes, name), name) for name in shapes})
    if isinstance(shapes, list) and several:
        names += [f"{several[0].name}_{place}" for place in range(len(shapes) - len(names))]
    if isinstance(shapes, list) and (several or 1 < len(required) <= len(shapes) <= len(names)):
        made = (_made(shape, _part(dtypes, at), names[at]) for at, shape in enumerate(shapes))
        return Inputs(tuple(made), {})
    return Inputs((_made(shapes, dtypes, names[0] if names else "inputs"),), {})


def _built(model: keras.Layer, dtypes: DtypeTree | None = None) -> Inputs | None:
    """Inputs of the shapes with which the model was built; ``None`` where Keras kept none."""
    try:
        config = model.get_build_config() or {}
        if "shapes_dict" in config:
            shapes = {
                name.removesuffix("_shape"): _without_batch(shape)
                for name, shape in config["shapes_dict"].items()
            }
            # Of a single argument only the shape counts, whatever its name.
            known: ShapeTree = next(iter(shapes.values())) if len(shapes) == 1 else shapes
        else:
            known = _without_batch(config["input_shape"])
        return _described(model.call, known, dtypes)
    except (KeyError, ValueError, TypeError, NotImplementedError):
        return None


def _without_batch(shape: Any) -> ShapeTree:
    return shape_tree(keras.tree.map_shape_structure(lambda sizes: tuple(sizes)[1:], shape))


def _part(dtypes: DtypeTree | None, key: str | int) -> DtypeTree | None:
    """The dtypes of one part of the inputs; one dtype is for all."""
    if dtypes is None or isinstance(dtypes, str):
        return dtypes
    try:
        return dtypes[key]  # type: ignore[index]  # whatever the author wrote
    except (KeyError, IndexError, TypeError) as error:
        raise Fault(
            "build",
            f"The input dtype {dtypes!r} has nothing for the input {key!r}.",
            _OF_ONE_FORM,
        ) from error


def _made(shapes: ShapeTree, dtypes: DtypeTree | None, name: str) -> Any:
    match shapes:
        case tuple():
            if dtypes is not None and not isinstance(dtypes, str):
                raise Fault(
                    "build",
                    f"The input dtype {dtypes!r} is for several inputs, the shape is {shapes}.",
                    _OF_ONE_FORM,
                )
            try:
                return keras.Input(shape=shapes, dtype=dtypes, name=name)
            except (ValueError, TypeError) as error:
                raise Fault("build", f"The input can't be made: {error}") from error
        case list():
            return [
                _made(shape, _part(dtypes, at), f"{name}_{at}") for at, shape in enumerate(shapes)
            ]
    return {key: _made(shape, _part(dtypes, key), key) for key, shape in shapes.items()}
