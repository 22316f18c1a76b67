"""What a training step does that is no call of its picture: optimizers and metrics."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.trace.patches import Replacement, classes_of, replaced
from sphinxcontrib_kerasgraph.extract.trace.training.callers import frame_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph
    from sphinxcontrib_kerasgraph.extract.trace.training.losses import Losses


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    """Change no weight."""


def _same(loss: Any) -> Any:
    """The loss: its scale is the optimizer's affair."""
    return loss


def _zero(*_args: Any, **_kwargs: Any) -> float:
    """A metric, of which nothing is known."""
    return 0.0


_OF_OPTIMIZERS: dict[str, Callable[..., Any]] = {
    "apply": _nothing,
    "apply_gradients": _nothing,
    "scale_loss": _same,
}
_OF_METRICS: dict[str, Callable[..., Any]] = {
    "reset_state": _nothing,
    "result": _zero,
    "update_state": _nothing,
}


class UncompiledError(RuntimeError):
    """A step needs for its picture what only ``compile`` would set."""


class Absent:
    """An optimizer or a metric that a model lacks, since nobody compiled it.

    It may be anything else, too: calling it raises `UncompiledError`.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *_args: Any, **_kwargs: Any) -> Any:
        """Nobody knows what it would do."""
        raise UncompiledError(f"uses self.{self.name}, which isn't set")

    apply = staticmethod(_nothing)
    apply_gradients = staticmethod(_nothing)
    scale_loss = staticmethod(_same)
    reset_state = staticmethod(_nothing)
    result = staticmethod(_zero)
    update_state = staticmethod(_nothing)


class Undrawn:
    """Has optimizers and metrics do nothing while a training step runs."""

    def __init__(self, graph: SymbolicGraph, losses: Losses) -> None:
        self._graph = graph
        self._losses = losses

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Replace their methods for the time being."""
        # What all optimizers derive from isn't public, and has most of the methods.
        optimizer = next(
            cls for cls in reversed(keras.optimizers.Optimizer.__mro__) if "apply" in vars(cls)
        )
        hooks: list[Replacement] = [
            (cls, name, functools.partial(self._wrapped, instead))
            for base, methods in (
                (optimizer, _OF_OPTIMIZERS),
                (keras.Metric, _OF_METRICS),
            )
            for cls in classes_of(base)
            for name, instead in methods.items()
            if name in vars(cls)
        ]
        with replaced(hooks):
            yield

    def _wrapped(self, instead: Any, original: Any) -> Any:
        @functools.wraps(original)
        def method(owner: Any, *args: Any, **kwargs: Any) -> Any:
            if frame_of(self._graph) is None:
                return original(owner, *args, **kwargs)
            if isinstance(owner, keras.Metric):
                self._losses.note_names((args, kwargs))
            return instead(*args, **kwargs)

        return method
