"""The losses that a training step computes, each a call, and those that leave it."""

from __future__ import annotations

import contextlib
import functools
import inspect
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.arguments import bound
from sphinxcontrib_kerasgraph.extract.read.plain import plain_text
from sphinxcontrib_kerasgraph.extract.read.pseudo import Loss, LossOut
from sphinxcontrib_kerasgraph.extract.trace.keras_functions import loss_functions, names_in
from sphinxcontrib_kerasgraph.extract.trace.patches import Replacement, classes_of, replaced
from sphinxcontrib_kerasgraph.extract.trace.training.callers import frame_of, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.extract.read.recorded import Block
    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph
    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.graph_frame import GraphFrame


class Losses:
    """Records calls of losses while a step runs, and tells what leaves the step."""

    def __init__(self, graph: SymbolicGraph) -> None:
        self._graph = graph
        self._frame: Any = None
        #: Tensors of the graph: those whose gradients are taken, and what goes out for them.
        self._trained: dict[Any, Any] = {}
        #: What the losses of Keras that the step calls have made.
        self._made: list[Any] = []
        #: Those whose code runs.
        self._entered: set[int] = set()
        #: Names that the code has for tensors.
        self._names: dict[Any, str] = {}
        #: What a gradient is computed from.
        self._sources: dict[Any, list[Any]] = {}

    def begin(self) -> None:
        """Take the frame under way for that of the step."""
        self._frame = self._graph.tracer.frame

    @contextlib.contextmanager
    def installed(self, step: keras.Layer) -> Iterator[None]:
        """Replace the calls of losses for the time being; ``step`` holds the author's layers."""
        hooks: list[Replacement] = [
            (cls, "__call__", self._loss) for cls in classes_of(keras.Loss) if _is_drawn(cls)
        ]
        hooks += [
            (one.module, one.name, functools.partial(self._function, one.name))
            for one in loss_functions()
        ]
        hooks += [
            (owner, name, functools.partial(self._function, one.name))
            for owner, name, one in names_in(history.layers_in(step), loss_functions)
        ]
        hooks.append((self._graph.tf.Tensor, "__radd__", self._added))
        with replaced(hooks):
            yield

    def _added(self, original: Any) -> Any:
        """What ``sum`` of losses begins with changes nothing: Keras's own, or the author's."""

        @functools.wraps(original)
        def radd(tensor: Any, other: Any) -> Any:
            is_nothing = type(other) is int and other == 0
            if is_nothing and frame_of(self._graph):
                return tensor
            return original(tensor, other)

        return radd

    def _loss(self, original: Any) -> Any:
        graph = self._graph

        @functools.wraps(original)
        def call(loss: Any, *args: Any, **kwargs: Any) -> Any:
            frame = frame_of(graph)
            # Keras has such that only call others: what `compile` makes of several losses.
            if frame is None or not _is_drawn(type(loss)):
                return original(loss, *args, **kwargs)
            if id(loss) in self._entered:  # its `__call__` asks that of its base
                return original(loss, *args, **kwargs)
            _, *given = bound(original, (loss, *args), kwargs).items()
            run = functools.partial(original, loss, *args, **kwargs)
            block = None
            if not type(loss).__module__.startswith("keras."):
                block = self._layers_inside(loss, functools.partial(original, loss), args, kwargs)
            operation = Loss(*_shown(loss), **_texts(loss))
            return self._recorded(frame, operation, dict(given), run, block)

        return call

    def _layers_inside(self, loss: Any, run: Any, args: Any, kwargs: Any) -> Block | None:
        """What an author's loss does, if layers are called there."""
        graph = self._graph
        args, kwargs = keras.tree.map_structure(graph.symbolic, (tuple(args), kwargs))
        self._entered.add(id(loss))
        try:
            block, _ = graph.tracer.block(run, args, kwargs)
        finally:
            self._entered.discard(id(loss))
        has_layers = any(not call.is_operation for _, call in block.body.walk())
        return block if has_layers else None

    def _function(self, name: str, original: Any) -> Any:
        @functools.wraps(original)
        def function(*args: Any, **kwargs: Any) -> Any:
            frame = frame_of(self._graph)
            if frame is None:
                return original(*args, **kwargs)
            run = functools.partial(original, *args, **kwargs)
            given = bound(original, args, kwargs)
            return self._recorded(frame, Loss("keras.losses", name), given, run)

        return function

    def _recorded(
        self,
        frame: GraphFrame,
        operation: Any,
        given: dict[str, Any],
        run: Any,
        block: Block | None = None,
    ) -> Any:
        # By place, for dicts of arguments are sorted by their names.
        compared = [given.pop(name) for name in list(given)[:2]]
        made = frame.recorded(operation, compared, given, run, block=block)
        if frame is self._frame and self._graph.has(made):
            self._made.append(made)
        return made

    # What leaves the step

    def note_names(self, values: Any) -> None:
        """Note the author's names of tensors that are reported."""
        for value in keras.tree.flatten(values):
            name = local_name(value) if self._graph.has(value) else None
            if name is not None:
                self._names.setdefault(value.ref(), name)

    def note_target(self, value: Any) -> None:
        """Note that weights are to be changed by the gradient of the tensor."""
        frame = self._graph.tracer.frame
        is_new = self._graph.has(value) and value.ref() not in self._trained
        if is_new and frame is self._frame:
            self._trained[value.ref()] = self._out(value, local_name(value), is_trained=True)

    def note_gradient(self, made: Any, sources: list[Any]) -> None:
        """Note what a gradient, a tensor of the graph, is computed from."""
        self._sources[made.ref()] = sources

    def outputs(self, made: Any) -> Any:
        """What leaves the step, which has returned ``made``: that only if there are no losses.

        Those whose gradients are taken; then losses of Keras that none of these depends on.
        """
        if isinstance(made, dict):
            for key, value in made.items():
                if self._graph.has(value):
                    self._names.setdefault(value.ref(), str(key))
        used = self._used()
        reported = [value for value in self._made if value.ref() not in used]
        outputs = [
            *self._trained.values(),
            *(self._out(value, self._names.get(value.ref())) for value in reported),
        ]
        return outputs or made

    def _out(self, value: Any, name: str | None, *, is_trained: bool = False) -> Any:
        operation = LossOut(name or "loss", is_trained=is_trained)
        return self._frame.recorded(operation, (value,), {}, lambda: value)

    def _used(self) -> set[Any]:
        """All that those depend on whose gradients are taken."""
        stack = [reference.deref() for reference in self._trained]
        used = set()
        while stack:
            tensor = stack.pop()
            if tensor.ref() not in used:
                used.add(tensor.ref())
                stack += tensor.op.inputs
                stack += self._sources.get(tensor.ref(), ())
        return used


def _is_drawn(cls: type) -> bool:
    """Whether calls of a class of losses are drawn: it has a ``__call__``, and is no tool of Keras.

    Such a tool is `compile`'s, which isn't public.
    """
    is_public = vars(keras.losses).get(cls.__name__) is cls or cls is keras.Loss
    is_wrapper = cls.__name__ == "LossFunctionWrapper"
    return is_public or is_wrapper or not cls.__module__.startswith("keras.")


def _shown(loss: keras.Loss) -> tuple[str, str]:
    """Module and name of what a loss is: of the function that Keras has wrapped, that."""
    cls = type(loss)
    if vars(keras.losses).get(cls.__name__) is cls:
        return "keras.losses", cls.__name__
    function = getattr(loss, "fn", None)
    if cls.__module__.startswith("keras.") and inspect.isroutine(function):
        name = function.__name__
        is_public = callable(getattr(keras.losses, name, None))
        return ("keras.losses" if is_public else function.__module__), name
    return cls.__module__, cls.__qualname__


def _texts(loss: keras.Loss) -> dict[str, str]:
    """What the loss was made with, where that isn't the default."""
    try:
        parameters = inspect.signature(type(loss).__init__).parameters
        return {
            name: plain_text(value)
            for name, value in loss.get_config().items()
            if name in parameters and name not in {"name", "fn"}
            if value != parameters[name].default
        }
    except Exception:  # one that can't be serialised has no configuration to show
        return {}
