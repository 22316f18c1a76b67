"""What to call a model with whose inputs Keras hasn't recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import keras

from sphinxcontrib_kerasgraph.extract.construct.missing import (
    is_literal,
    missing_arguments_fault,
    too_many_fault,
    unbuilt_fault,
)
from sphinxcontrib_kerasgraph.extract.construct.parameters import Parameters
from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.recorded import tensors_in
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import shape_tree

if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable, Mapping

    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.target import DtypeTree, Shape, ShapeTree

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
        return tensors_in((self.args, self.kwargs))


def known_inputs(model: keras.Layer, calling: Calling) -> list[Inputs] | None:
    """What to call the model with, the first of them that it takes.

    ``None`` where it can't be known, although the model is built. How the shapes are given to the
    arguments of ``call`` see `described`. Raises `Fault` ``build`` if the model has no layers, or
    isn't built and no shape is given, if an argument is missing or unknown, or if the dtypes don't
    fit the shapes.
    """
    shapes, dtypes = calling.input_shape, calling.input_dtype
    if shapes is None and isinstance(model, keras.Function):
        # Its own `call` takes what its graph does, unless it says otherwise.
        shapes, dtypes = _own_shapes(model), dtypes or _own_dtypes(model)
    elif shapes is None:
        if isinstance(model, keras.Sequential) and not model.layers:
            raise Fault("build", f"The model {model.name!r} has no layers.", "Add one to it.")
        if not model.built:
            raise unbuilt_fault(model, calling)
        shapes = built_shapes(model)
    parameters = Parameters.of_layer(model)
    literals = parameters.literals(calling, of_keras=True)
    if shapes is None or (calling.input_shape is None and not _fit(shapes, parameters, literals)):
        return None
    return described(parameters, shapes, dtypes, literals)


def _fit(shapes: ShapeTree, parameters: Parameters, literals: Mapping[str, Any]) -> bool:
    """Whether shapes that Keras kept are for all tensors that the call needs."""
    needed = {name for name in parameters.required if not is_literal(parameters, name)}
    return any(needed <= {*one, *literals} for one in _choices(shapes, parameters, literals))


def has_known_inputs(model: keras.Layer) -> bool:
    """Whether Keras knows the shapes of what the model is called with."""
    if history.is_recorded(model) or isinstance(model, keras.Function):
        return True
    return bool(model.built) and built_shapes(model) is not None


def _own_shapes(model: Any) -> Any:
    return keras.tree.map_structure(lambda tensor: tuple(tensor.shape)[1:], model.input)


def _own_dtypes(model: Any) -> Any:
    return keras.tree.map_structure(lambda tensor: str(tensor.dtype), model.input)


def described(
    parameters: Parameters,
    shapes: ShapeTree,
    dtypes: DtypeTree | None,
    literals: Mapping[str, Any],
    make: Callable[..., Any] = keras.Input,
) -> list[Inputs]:
    """Inputs of the shapes, named after the parameters, with the other arguments.

    A dict whose keys are names of parameters gives these. A list is spread over the parameters, in
    their order, if there is a ``*args``, or if more than one are required and there are as many or
    more. Where but one is required, and others could be given a tensor, too, both are meant: the
    list for the first parameter, and else spread. All else is for the first parameter. Raises
    `Fault` ``build`` if a parameter is left without a value, or if the dtypes don't fit the shapes.
    ``make`` makes each input.
    """

    def value_of(name: str, key: str | int | None) -> Any:
        parts: Any = shapes
        if key is None:
            return _made(make, parts, dtypes, name)
        return _made(make, parts[key], dtypes_of(dtypes, key), name)

    choices = _choices(shapes, parameters, literals)
    required = {name for name in parameters.required if name not in literals}
    full = [one for one in choices if required <= one.keys()]
    if full:
        by_name = isinstance(shapes, dict)
        return [_inputs(one, parameters, literals, value_of, by_name=by_name) for one in full]
    given = given_shapes(parameters, shapes, literals)
    if required <= given.keys():
        raise too_many_fault(parameters, len(shapes), literals)
    raise missing_arguments_fault(parameters, given, literals)


def given_shapes(
    parameters: Parameters, shapes: ShapeTree, literals: Mapping[str, Any]
) -> dict[str, ShapeTree]:
    """The shapes by the names of the parameters; a list is spread where more are required."""
    choice = _choices(shapes, parameters, literals)[0]
    free = [name for name in parameters.tensors if name not in literals]
    required = [name for name in parameters.required if name in free]
    if isinstance(shapes, list) and len(required) > 1:
        return dict(zip(free, shapes, strict=False))
    if isinstance(shapes, dict) and len(required) > 1:  # some of its names may be wrong
        return {name: shapes[name] for name in parameters.names if name in shapes}
    parts: Any = shapes
    return {name: shapes if key is None else parts[key] for name, key in choice.items()}


#: Which part of the shapes each parameter is given: its key, or ``None`` for the whole.
_Choice: TypeAlias = "dict[str, str | int | None]"


def _choices(
    shapes: ShapeTree, parameters: Parameters, literals: Mapping[str, Any]
) -> list[_Choice]:
    """How the shapes can be given, the first choice first."""
    free = [name for name in parameters.tensors if name not in literals]
    if isinstance(shapes, dict) and _are_names(shapes, parameters, free):
        return [{name: name for name in shapes}]
    if isinstance(shapes, list):
        return _of_list(len(shapes), parameters, free)
    return [_whole(free)]


def _are_names(shapes: Mapping[str, Any], parameters: Parameters, free: list[str]) -> bool:
    if parameters.takes_any and not parameters.tensors:
        return True
    # A mask may be given as a tensor, beside what it masks.
    return shapes.keys() <= {*free, *parameters.names} and not shapes.keys().isdisjoint(free)


def _whole(free: list[str]) -> _Choice:
    return {free[0] if free else "inputs": None}


def _of_list(number: int, parameters: Parameters, free: list[str]) -> list[_Choice]:
    required = [name for name in parameters.required if name in free]
    if parameters.several is not None:
        # Those behind it are given by name alone.
        names = [name for name in free if parameters.place_of(name) is not None]
        names += [f"{parameters.several}_{place}" for place in range(number - len(names))]
        return [{name: place for place, name in enumerate(names[:number])}]
    possible = [name for name in parameters.possible if name in free]
    if 1 < len(required) <= number <= len(possible):
        return [{name: place for place, name in enumerate(possible[:number])}]
    likely = [name for name in parameters.likely if name in free]
    if len(required) <= 1 < number <= len(likely):
        return [_whole(free), {name: place for place, name in enumerate(likely[:number])}]
    return [_whole(free)]


def _inputs(
    choice: _Choice,
    parameters: Parameters,
    literals: Mapping[str, Any],
    value_of: Callable[[str, str | int | None], Any],
    *,
    by_name: bool,
) -> Inputs:
    args: list[Any] = []
    kwargs = dict(literals)
    for name, key in choice.items():
        value = value_of(name, key)
        is_only_placed = name not in parameters.names or _is_positional_only(parameters[name])
        is_next = not by_name and not is_only_placed and parameters.place_of(name) == len(args)
        if (key is None and not args) or (is_only_placed and not by_name) or is_next:
            args.append(value)
        else:
            kwargs[name] = value
    return Inputs(tuple(args), kwargs)


def _is_positional_only(parameter: inspect.Parameter) -> bool:
    return parameter.kind is parameter.POSITIONAL_ONLY


def built_shapes(model: keras.Layer) -> ShapeTree | None:
    """The shapes with which the model was built; ``None`` where Keras kept none."""
    try:
        config = model.get_build_config() or {}
        if "shapes_dict" in config:
            shapes = {
                name.removesuffix("_shape"): _without_batch(shape)
                for name, shape in config["shapes_dict"].items()
            }
            # Of a single argument only the shape counts, whatever its name.
            return next(iter(shapes.values())) if len(shapes) == 1 else shapes
        return _without_batch(config["input_shape"])
    except (KeyError, ValueError, TypeError, NotImplementedError):
        return None


def _without_batch(shape: Any) -> ShapeTree:
    return shape_tree(keras.tree.map_shape_structure(lambda sizes: tuple(sizes)[1:], shape))


def dtypes_of(dtypes: DtypeTree | None, key: str | int) -> DtypeTree | None:
    """The dtypes of one part of the inputs; one dtype is for all.

    Raises `Fault` ``build`` if there are none for it.
    """
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


def dtype_of(dtypes: DtypeTree | None, shape: Shape) -> str | None:
    """The dtype of one input. Raises `Fault` ``build`` if there are several."""
    if dtypes is None or isinstance(dtypes, str):
        return dtypes
    raise Fault(
        "build",
        f"The input dtype {dtypes!r} is for several inputs, the shape is {shape}.",
        _OF_ONE_FORM,
    )


def _made(make: Callable[..., Any], shapes: ShapeTree, dtypes: DtypeTree | None, name: str) -> Any:
    match shapes:
        case tuple():
            dtype = dtype_of(dtypes, shapes)
            try:
                return make(shape=shapes, dtype=dtype, name=name)
            except (ValueError, TypeError) as error:
                raise Fault("build", f"The input can't be made: {error}") from error
        case list():
            return [
                _made(make, shape, dtypes_of(dtypes, at), f"{name}_{at}")
                for at, shape in enumerate(shapes)
            ]
    return {key: _made(make, shape, dtypes_of(dtypes, key), key) for key, shape in shapes.items()}
