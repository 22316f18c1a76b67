"""A model's ``train_step`` as a layer of its own, which takes each tensor of the data."""

from __future__ import annotations

import ast
import inspect
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import keras

from sphinxcontrib_kerasgraph.extract.construct.functions import FunctionLayer, layer_of
from sphinxcontrib_kerasgraph.extract.construct.inputs import dtype_of, dtypes_of
from sphinxcontrib_kerasgraph.extract.read.arguments import CONTEXT
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.target import DtypeTree, ShapeTree

#: The method that trains a model on one batch.
TRAIN_STEP = "train_step"


def has_own_step(model: Any) -> bool:
    """Whether the model's class says what a step of its training does."""
    return isinstance(model, keras.Model) and not _step_of(model).__module__.startswith("keras.")


def step_of(model: keras.Layer, calling: Calling) -> tuple[FunctionLayer, Calling]:
    """A layer that does what the ``train_step`` does, and the shapes of the tensors of its data.

    Each tensor is an argument of its own, with the name that the code gives to it: of
    ``x, y = data``, say. Raises `Fault` ``build`` if there is no such step, or shapes are missing.
    """
    if not isinstance(model, keras.Model):
        raise Fault(
            "build",
            f"{type(model).__name__} is no keras.Model, and has no 'train_step'.",
            "Remove {option trace=train_step}.",
        )
    if keras.config.backend() != "tensorflow":
        raise Fault(
            "build",
            f"A 'train_step' is drawn with TensorFlow, and Keras runs on "
            f"{keras.config.backend()} here.",
            "Set {variable KERAS_BACKEND=tensorflow}, or remove {option trace=train_step}.",
        )
    if not (has_own_step(model) or model.compiled):
        raise Fault(
            "build",
            f"The 'train_step' of {model.name!r} is Keras's own, which calls the model and its "
            "loss, and the model isn't compiled.",
            "Compile the model in the function that makes it, or remove {option trace=train_step} "
            "to draw the model alone.",
        )
    function = _step_of(model)
    all_ = inspect.signature(model.train_step).parameters.values()
    required = [one.name for one in all_ if one.default is one.empty]
    data = required[0] if required else "data"
    # Some call a step of theirs themselves, and give it each tensor by place.
    several = len(required) > 1
    names = _Names(data, required if several else _unpacked(function, data))
    if calling.input_shape is None:
        raise Fault(
            "build",
            f"The shapes of the data that the 'train_step' of {model.name!r} takes aren't known.",
            f"Give them without the batch dimension: {names.example}.",
        )
    leaves = [*_leaves(calling.input_shape, calling.input_dtype, names)]
    structure = _of_fit(calling.input_shape)

    def step(*tensors: Any) -> Any:
        batch = keras.tree.pack_sequence_as(structure, list(tensors))
        is_spread = several and isinstance(batch, tuple)
        return model.train_step(*batch) if is_spread else model.train_step(batch)

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(name, kind) for name in _distinct(leaves)]
    vars(step)["__signature__"] = inspect.Signature(parameters)
    shapes: list[Any] = [leaf.shape for leaf in leaves]
    dtypes: list[Any] = [leaf.dtype or keras.config.floatx() for leaf in leaves]
    is_one = len(leaves) == 1
    called = replace(
        calling,
        input_shape=shapes[0] if is_one else shapes,
        input_dtype=dtypes[0] if is_one else dtypes,
    )
    return layer_of(step, TRAIN_STEP, model), called


class _Names(NamedTuple):
    """What the code calls the data, and what is in it."""

    whole: str
    #: Names, in lists as the code has them; ``None`` where it doesn't unpack the data.
    parts: Any = None

    def part(self, at: int) -> _Names:
        """Those of one item of the data."""
        if isinstance(self.parts, list) and at < len(self.parts):
            inside = self.parts[at]
            if isinstance(inside, list):
                return _Names(f"{self.whole}_{at}", inside)
            return _Names(inside if inside.strip("_") else f"{self.whole}_{at}")
        return _Names(f"{self.whole}_{at}")

    @property
    def example(self) -> str:
        """How shapes are written for such data."""
        several = "{option input-shape=[(28, 28, 1), ()]}"
        if self.parts is None:
            return f"{{option input-shape=(28, 28, 1)}}, or {several} for a tuple"
        told = ", ".join("(…)" if isinstance(one, list) else one for one in self.parts)
        return f"{several} for '{told}'"


class _Leaf(NamedTuple):
    """A tensor of the data."""

    name: str
    shape: tuple[int | None, ...]
    dtype: str | None


def _leaves(shapes: ShapeTree, dtypes: DtypeTree | None, names: _Names) -> Iterator[_Leaf]:
    match shapes:
        case tuple():
            # Keras itself unpacks one tensor into `x, y, sample_weight`.
            first = names.parts[0] if isinstance(names.parts, list) and names.parts else None
            dtype = dtype_of(dtypes, shapes)
            yield _Leaf(first if isinstance(first, str) else names.whole, shapes, dtype)
        case list():
            for at, shape in enumerate(shapes):
                yield from _leaves(shape, dtypes_of(dtypes, at), names.part(at))
        case dict():
            for key in sorted(shapes):  # as `keras.tree` has them
                yield from _leaves(shapes[key], dtypes_of(dtypes, key), _Names(key))


def _of_fit(shapes: ShapeTree) -> Any:
    """The structure that ``fit`` hands to the step: tuples, where lists of shapes are given."""
    match shapes:
        case list():
            return tuple(map(_of_fit, shapes))
        case dict():
            return {key: _of_fit(shape) for key, shape in shapes.items()}
    return 0


def _distinct(leaves: list[_Leaf]) -> list[str]:
    """The names of the leaves as those of parameters."""
    names: list[str] = []
    for leaf in leaves:
        name = leaf.name if leaf.name.isidentifier() else "data"
        if name in CONTEXT:  # which Keras would take for its own
            name += "_data"
        while name in names:
            name += "_2"
        names.append(name)
    return names


def _step_of(model: keras.Model) -> Any:
    """The function behind the method, without what it is wrapped in."""
    step: Any = type(model).train_step
    step = getattr(step, "python_function", step)  # of a tf.function
    return inspect.unwrap(step)


def _unpacked(function: Callable[..., Any], data: str) -> Any:
    """The names in ``x, y = data``, or ``x, y = unpack(data)``, in the function's source."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            value = node.value
            given = [value]
            if isinstance(value, ast.Call) and "unpack" in ast.unparse(value.func):
                given = value.args
            if any(isinstance(one, ast.Name) and one.id == data for one in given):
                return _written(node.targets[0])
    return None


def _written(target: ast.expr) -> Any:
    if isinstance(target, ast.Tuple | ast.List):
        return list(map(_written, target.elts))
    return target.id if isinstance(target, ast.Name) else "_"
