"""What a model really does: eager runs on small numbers, with every call of a layer recorded.

It uses nothing of the extension's. ``keras.layers.Layer.__call__`` is wrapped for the time of a
run, which notes the layer, the call around, the order, what was given and what came out; so is the
``call`` of each class, for code that calls that of another layer itself, as `TimeDistributed`
does, and for a subclass of one of Keras's layers that calls what it is. The same run with another
input, or with other weights, tells what depends on them.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

if keras.config.backend() == "jax":
    import jax

    # Each operation is compiled, for few numbers: most of the time would go into making it fast.
    jax.config.update("jax_disable_most_optimizations", True)

#: How many samples there are.
BATCH = 2
#: Whole numbers are drawn below this one: the smallest vocabulary of the models.
_WORDS = 8
#: How often numbers are drawn that are to differ.
_TRIES = 50


@dataclass(eq=False)
class RealCall:
    """One call of a layer, as Keras made it, or of what a class of Keras's has for it."""

    layer: keras.Layer
    #: The layer's own class; or that of Keras's whose ``call`` its own ``call`` calls.
    cls: type[keras.Layer]
    #: How many tensors, arrays and weights the code gave.
    given: int
    #: Whether the layer is none of the model's, but made when the code ran.
    is_new: bool
    outputs: list[Any] = field(default_factory=list)
    #: The calls that were made meanwhile.
    inside: list[RealCall] = field(default_factory=list)

    def walk(self) -> Iterator[RealCall]:
        """The call, and those inside, in the order in which they began."""
        yield self
        for call in self.inside:
            yield from call.walk()


@dataclass
class Run:
    """What a model did once."""

    #: The calls that the run began with; the model's own, most often.
    top: list[RealCall]
    outputs: list[np.ndarray]

    @functools.cached_property
    def calls(self) -> list[RealCall]:
        """All calls, at any depth, in the order in which they began."""
        return [call for one in self.top for call in one.walk()]

    @functools.cached_property
    def values(self) -> list[list[np.ndarray | None]]:
        """The outputs of each call; ``None`` for one that a backend's own trace made."""
        return [[number_of(output) for output in call.outputs] for call in self.calls]

    def calls_in_common(self, other: Run) -> int:
        """How many calls two runs of a model begin with that are of the same layers."""
        pairs = zip(self.calls, other.calls, strict=False)
        return sum(itertools.takewhile(bool, itertools.starmap(_are_alike, pairs)))


def _are_alike(one: RealCall, other: RealCall) -> bool:
    """Whether two calls are of the same layer, or of layers that the code made when it ran."""
    same = one.layer is other.layer and one.cls is other.cls
    made = one.is_new and other.is_new and one.cls is other.cls
    return (same or made) and len(one.outputs) == len(other.outputs)


class Experiment:
    """A model, and small numbers to call it with."""

    def __init__(self, model: keras.Model, args: Any, kwargs: Any) -> None:
        """``args`` and ``kwargs`` are of arrays; the model is built by a call with them."""
        self.model = model
        self._structure = (tuple(args), dict(kwargs))
        self.inputs: list[np.ndarray] = keras.tree.flatten(self._structure)
        self._numbers = np.random.default_rng(7)
        model(*args, **kwargs)
        first = self._kept = [(one, keras.ops.convert_to_numpy(one.value)) for one in self._all()]
        for self._size in (1.0, 0.3, 0.1):  # smaller where many layers add up to infinity
            self._kept = self._random_weights(first)
            if all(is_finite(output) for output in self.run().outputs):
                break

    def run(
        self, inputs: Mapping[int, np.ndarray] | None = None, other_weights: Sequence[Any] = ()
    ) -> Run:
        """A run, with some inputs replaced, by their places, and some weights changed."""
        given = [(inputs or {}).get(at, value) for at, value in enumerate(self.inputs)]
        args, kwargs = keras.tree.pack_sequence_as(
            self._structure, [keras.ops.convert_to_tensor(one) for one in given]
        )
        changed = {id(weight) for weight in other_weights}
        for variable, value in self._kept:
            variable.assign(self._another(variable, value) if id(variable) in changed else value)
        keras.utils.set_random_seed(1)
        with recording(self.model) as top:
            outputs = self.model(*args, **kwargs)
        return Run(top, [number_of(one) for one in tensors_in(outputs)])

    def another_input(self, at: int) -> np.ndarray:
        """Other numbers in place of those of an input, of the same range if they are whole."""
        before = self.inputs[at]
        made = before
        for _ in range(_TRIES):
            if before.dtype.kind == "i":
                drawn = self._numbers.integers(before.min(), before.max() + 1, before.shape)
                made = drawn.astype(before.dtype)
            else:
                made = numbers(self._numbers, before.shape, str(before.dtype))
            if not np.array_equal(made, before):
                break
        return made

    def weights(self) -> list[Any]:
        """The weights that can be changed: those of floating-point numbers, each once."""
        return [
            weight
            for weight in {id(one): one for one in self.model.weights}.values()
            if keras.backend.is_float_dtype(weight.dtype)
        ]

    def _all(self) -> list[Any]:
        """All variables, each once."""
        return list({id(one): one for one in (*self.model.variables, *self.model.weights)}.values())

    def _random_weights(self, before: list[tuple[Any, np.ndarray]]) -> list[tuple[Any, np.ndarray]]:
        """Numbers for all variables, so that no gate is closed by its initializer."""
        floats = {id(one) for one in self.weights()}
        return [
            (one, self._another(one, value) if id(one) in floats else value)
            for one, value in before
        ]

    def _another(self, variable: Any, value: np.ndarray) -> np.ndarray:
        """Other numbers near these; a variance stays positive."""
        spread = self._size * _spread(value.shape)
        noise = self._numbers.normal(0, spread, value.shape).astype(value.dtype)
        if variable.trainable:
            return value * np.asarray(self._size if value.ndim > 1 else 1, value.dtype) + noise
        return value + np.abs(noise)


def _spread(shape: tuple[int, ...]) -> float:
    """How far weights are from 0, so that numbers neither fade nor grow on their way."""
    if len(shape) < 2:
        return 0.3
    depthwise = len(shape) == 4 and shape[-1] == 1
    taken = math.prod(shape[:2] if depthwise else shape[:-1])
    return 1 / math.sqrt(taken)


@contextlib.contextmanager
def recording(model: keras.Model) -> Iterator[list[RealCall]]:
    """Record the calls of layers meanwhile; those that are in no other call are in the list."""
    top: list[RealCall] = []
    active: list[RealCall] = []

    def record(layer: keras.Layer, cls: type, function: Any, args: Any, kwargs: Any) -> Any:
        call = RealCall(layer, cls, len(tensors_in((args, kwargs))), id(layer) not in known)
        (active[-1].inside if active else top).append(call)
        active.append(call)
        try:
            outputs = function(*args, **kwargs)
        finally:
            active.pop()
        call.outputs = tensors_in(outputs)
        return outputs

    def wrapped_call(original: Any) -> Any:
        @functools.wraps(original)
        def wrapper(layer: keras.Layer, *args: Any, **kwargs: Any) -> Any:
            function = original.__get__(layer, type(layer))
            return record(layer, type(layer), function, args, kwargs)

        return wrapper

    def wrapped_code(original: Any) -> Any:
        @functools.wraps(original)
        def wrapper(layer: keras.Layer, *args: Any, **kwargs: Any) -> Any:
            function = original.__get__(layer, type(layer))
            cls: type | None = type(layer)
            if active and _is_part(layer, active[-1].layer):
                cls = _base_called(active[-1], wrapper)
            if cls is None:
                return function(*args, **kwargs)
            return record(layer, cls, function, args, kwargs)

        return wrapper

    all_ = list(model._flatten_layers())
    known = {id(layer) for layer in all_}
    classes = {cls for layer in all_ for cls in type(layer).__mro__}
    with contextlib.ExitStack() as stack:
        stack.enter_context(_no_compilation())
        stack.enter_context(_replaced(keras.layers.Layer, "__call__", wrapped_call))
        for cls in classes - set(keras.layers.Layer.__mro__):
            if issubclass(cls, keras.layers.Layer) and "call" in vars(cls):
                stack.enter_context(_replaced(cls, "call", wrapped_code))
        yield top


def _is_part(layer: keras.Layer, around: keras.Layer) -> bool:
    """Whether a layer's code is run by its own call, or by a base class's.

    A Sequential model runs a Functional one that Keras has made of it.
    """
    is_own = isinstance(around, keras.Sequential) and isinstance(layer, keras.Function)
    return layer is around or (is_own and all(layer is not one for one in around.layers))


def _base_called(around: RealCall, code: Any) -> type[keras.Layer] | None:
    """The class of Keras's whose ``call`` an author's class calls on its own object.

    ``None`` for code that is the author's, that one class of Keras's has of another one, or by
    which a model runs its layers.
    """
    if is_keras(around.cls) or isinstance(around.layer, keras.Model):
        return None
    bases = [cls for cls in around.cls.__mro__ if cls.__module__.startswith("keras.")]
    return next((cls for cls in bases if getattr(cls, "call", None) is code), None)


def is_keras(cls: type[keras.Layer]) -> bool:
    """Whether the code of a class's ``call`` is Keras's."""
    return cls.call.__module__.startswith("keras.")


@contextlib.contextmanager
def _replaced(owner: type, name: str, wrap: Any) -> Iterator[None]:
    original = vars(owner)[name]
    setattr(owner, name, wrap(original))
    try:
        yield
    finally:
        setattr(owner, name, original)


@contextlib.contextmanager
def _no_compilation() -> Iterator[None]:
    """Run functions that TensorFlow has compiled as Python does, so that their calls are seen."""
    if keras.config.backend() != "tensorflow":
        yield
        return
    import tensorflow as tf

    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)


def tensors_in(value: Any) -> list[Any]:
    """The tensors, arrays and weights in a structure, in Keras's order."""
    return [leaf for leaf in keras.tree.flatten(value) if _is_tensor(leaf)]


def _is_tensor(value: Any) -> bool:
    return isinstance(value, np.ndarray | keras.Variable) or keras.ops.is_tensor(value)


def number_of(tensor: Any) -> np.ndarray | None:
    """The numbers; ``None`` for a tensor of a backend's own trace, and for what is no plain one."""
    try:
        return np.asarray(keras.ops.convert_to_numpy(tensor))
    except Exception:  # noqa: BLE001 - each backend has errors of its own for it
        return None


def is_finite(value: np.ndarray | None) -> bool:
    """Whether all numbers are, of floating-point ones."""
    return value is None or value.dtype.kind != "f" or bool(np.isfinite(value).all())


def differ(one: np.ndarray | None, other: np.ndarray | None) -> bool:
    """Whether the numbers of two runs differ; what isn't known doesn't."""
    if one is None or other is None:
        return False
    if one.shape != other.shape:
        return True
    return not np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


# What to call a model with.


def arguments(
    model: keras.Model,
    shapes: Any = None,
    dtypes: Any = None,
    unknown: int = 8,
    batch: int = BATCH,
) -> tuple[tuple, dict]:
    """Arrays for the arguments of a model's ``call``, in the form of the shapes.

    ``unknown`` is for each size that isn't known, ``batch`` for how many samples there are. Without
    shapes, those of the model's own inputs.

    As the documentation has it: a dict of the names of arguments gives these by keyword, a list
    is spread over as many arguments as ``call`` requires, all else is the first argument.
    """
    rng = np.random.default_rng(3)
    if shapes is None:
        # A Sequential model has no `input` of its own, in some releases.
        inputs = model.inputs[0] if isinstance(model, keras.Sequential) else model.input
        return (keras.tree.map_structure(lambda one: like(rng, one, unknown, batch), inputs),), {}
    parameters = inspect.signature(model.call).parameters.values()
    own = [one for one in parameters if one.name not in {"training", "mask"}]
    names = {one.name for one in own}
    if isinstance(shapes, dict) and set(shapes) <= names:
        return (), _arrays(rng, shapes, dtypes, unknown, batch)
    needed = [one for one in own if one.default is one.empty and one.kind is not one.VAR_KEYWORD]
    several = any(one.kind is one.VAR_POSITIONAL for one in own)
    made = _arrays(rng, shapes, dtypes, unknown, batch)
    is_spread = isinstance(shapes, list) and (several or 1 < len(needed) <= len(shapes))
    return (tuple(made) if is_spread else (made,)), {}


def like(rng: Any, tensor: keras.KerasTensor, unknown: int, batch: int = BATCH) -> np.ndarray:
    """Numbers for a symbolic input."""
    sizes = tuple(unknown if size is None else size for size in tensor.shape)
    if tensor.shape and tensor.shape[0] is None:
        sizes = (batch, *sizes[1:])
    return numbers(rng, sizes, tensor.dtype)


def _arrays(rng: Any, shapes: Any, dtypes: Any, unknown: int, batch: int) -> Any:
    if isinstance(shapes, tuple):
        sizes = (batch, *(unknown if size is None else size for size in shapes))
        return numbers(rng, sizes, dtypes or "float32")
    places = shapes if isinstance(shapes, dict) else range(len(shapes))
    one_for_all = dtypes is None or isinstance(dtypes, str)
    made = {
        at: _arrays(rng, shapes[at], dtypes if one_for_all else dtypes[at], unknown, batch)
        for at in places
    }
    return made if isinstance(shapes, dict) else list(made.values())


def numbers(rng: Any, sizes: tuple[int, ...], dtype: str) -> np.ndarray:
    """Random numbers: around 0, or words of a small vocabulary, or truth values."""
    if dtype == "bool":
        return rng.integers(0, 2, sizes).astype(bool)
    if "int" in dtype:
        return rng.integers(1, _WORDS, sizes).astype(dtype)
    return rng.normal(0.2, 1.0, sizes).astype(dtype)
