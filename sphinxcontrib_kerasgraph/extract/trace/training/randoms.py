"""Random tensors that a training step draws: sources, each drawn once and used where it is used.

Elsewhere such a tensor is one that only a shape decides. A step mixes data with noise and compares
what comes out with the same noise; so each draw is a call of its own.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read.arguments import bound
from sphinxcontrib_kerasgraph.extract.read.pseudo import PseudoOperation, class_name
from sphinxcontrib_kerasgraph.extract.trace.keras_functions import modules_of
from sphinxcontrib_kerasgraph.extract.trace.patches import Replacement, replaced
from sphinxcontrib_kerasgraph.extract.trace.training.callers import frame_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph

#: Arguments that the box's tensor tells of, or that say nothing.
_NOT_SHOWN = {"dtype", "name", "seed", "shape"}


class Randoms:
    """Records what the code of a step draws by chance; not what that of its layers does."""

    def __init__(self, graph: SymbolicGraph) -> None:
        self._graph = graph

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Replace the functions of TensorFlow and Keras for the time being."""
        hooks: list[Replacement] = [
            (module, name, functools.partial(self._function, name))
            for module in (self._graph.tf.random, *modules_of("keras.random"))
            for name, function in vars(module).items()
            if inspect.isroutine(function) and _takes_shape(function)
        ]
        with replaced(hooks):
            yield

    def _function(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def function(*args: Any, **kwargs: Any) -> Any:
            frame = frame_of(self._graph)
            if frame is None:
                return original(*args, **kwargs)
            given = bound(original, args, kwargs)
            shown = {key: value for key, value in given.items() if key not in _NOT_SHOWN}
            operation = PseudoOperation("", f"Random{class_name(name)}")
            run = functools.partial(original, *args, **kwargs)
            return frame.recorded(operation, (), shown | self._size(given["shape"]), run)

        return function

    def _size(self, shape: Any) -> dict[str, Any]:
        """The number of numbers, where another tensor decides it: one that comes from there."""
        tf = self._graph.tf
        if not any(map(tf.is_tensor, keras.tree.flatten(shape))):
            return {}
        whole = shape if tf.is_tensor(shape) else tf.stack([tf.cast(n, "int32") for n in shape])
        return {"size": tf.reduce_prod(whole)}


def _takes_shape(function: Any) -> bool:
    try:
        return "shape" in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False
