"""Weights that the author's code uses itself, in place of what they hold, while it is traced.

``x + self.bias`` and ``ops.tile(self.queries, 8)`` compute with a `keras.Variable`. Its value says
nothing of where it came from, so that the code is given a symbolic tensor that stands for the
weight, wherever Keras lets it ask: at ``Variable.value``, which is how every backend gets at it, at
Variable's operators, and at the functions of `keras.ops`. Keras's own layers, which run while no
frame is on, get their values.
"""

from __future__ import annotations

import contextlib
import functools
from inspect import ismodule
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read.variables import base_with, with_weights
from sphinxcontrib_kerasgraph.extract.trace.keras_functions import keras_functions, names_in
from sphinxcontrib_kerasgraph.extract.trace.operators import operators_of
from sphinxcontrib_kerasgraph.extract.trace.patches import Replacement, replaced
from sphinxcontrib_kerasgraph.extract.trace.recording import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sphinxcontrib_kerasgraph.extract.trace.protocol import Tracing


class WeightHooks:
    """Gives code that is traced a tensor for each weight that it uses itself."""

    def __init__(self, tracer: Tracing, layers: Sequence[keras.Layer]) -> None:
        """``layers`` are those whose code may run."""
        self._tracer = tracer
        self._layers = layers

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Replace what Keras has, for the time being."""
        values, operators = base_with("value"), base_with("__mul__")
        hooks: list[Replacement] = [
            (values, "value", self._value),
            (base_with("assign"), "assign", self._assign),
            # What they hold is no weight: what is drawn by chance takes it.
            (keras.random.SeedGenerator, "next", self._suspended),
        ]
        hooks += [(operators, method, self._operator) for method, _ in operators_of(operators)]
        hooks += [(one.module, one.name, self._function) for one in keras_functions()]
        hooks += [
            (owner, name, self._function)
            for owner, name, _ in names_in(self._layers)
            if ismodule(owner)
        ]
        with replaced(hooks):
            yield

    def _symbolic(self, variable: keras.Variable) -> Any:
        """What stands for the weight where code runs now; ``None`` where nothing is recorded."""
        frame = self._tracer.frame
        if frame is None:
            return None
        return self._tracer.weight(variable) if isinstance(frame, Frame) else frame.weight(variable)

    def _value(self, original: Any) -> property:
        def value(variable: keras.Variable) -> Any:
            found = self._symbolic(variable)
            return original.fget(variable) if found is None else found

        return property(value, doc=original.__doc__)

    def _operator(self, original: Any) -> Callable[..., Any]:
        @functools.wraps(original)
        def method(variable: keras.Variable, *others: Any) -> Any:
            found = self._symbolic(variable)
            if found is None:
                return original(variable, *others)
            return getattr(found, original.__name__)(*others)

        return method

    def _assign(self, original: Any) -> Callable[..., Any]:
        @functools.wraps(original)
        def assign(variable: keras.Variable, value: Any) -> Any:
            frame = self._tracer.frame
            if isinstance(value, keras.KerasTensor) and isinstance(frame, Frame):
                frame.assigned[id(variable)] = value
                return value
            if frame is not None and not isinstance(frame, Frame):
                return frame.assign(variable, value)
            return self._tracer.suspended(original, variable, value)

        return assign

    def _suspended(self, original: Any) -> Callable[..., Any]:
        @functools.wraps(original)
        def method(*args: Any, **kwargs: Any) -> Any:
            return self._tracer.suspended(original, *args, **kwargs)

        return method

    def _function(self, original: Any) -> Callable[..., Any]:
        def function(*args: Any, **kwargs: Any) -> Any:
            if self._tracer.frame is not None:
                args, kwargs = with_weights((args, kwargs), self._symbolic)
            return original(*args, **kwargs)

        vars(function)["__wrapped__"] = original  # not by `wraps`, which takes its time
        return function
