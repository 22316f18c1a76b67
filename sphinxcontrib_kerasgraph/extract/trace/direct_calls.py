"""Calls of a layer by its ``call``: ``super().call(x)``, ``self.rnn.call(x)``.

Keras hears nothing of them. A subclass of one of Keras's layers whose ``call`` calls that of its
base class calls, in effect, a layer of that class, with the subclass's weights.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import sys
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read.recorded import recorded, tensors_in
from sphinxcontrib_kerasgraph.extract.trace.patches import classes_of, replaced
from sphinxcontrib_kerasgraph.extract.trace.recording import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinxcontrib_kerasgraph.extract.trace.tracer import Tracer


class DirectCalls:
    """Has a tracer told what is called by a layer's ``call``."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Wrap the ``call`` of all classes of layers for the time being."""
        with replaced(
            [
                (cls, "call", functools.partial(self._wrapped, cls))
                for cls in classes_of(keras.Layer)
                if inspect.isfunction(vars(cls).get("call"))
            ]
        ):
            yield

    def _wrapped(self, cls: Any, original: Callable[..., Any]) -> Callable[..., Any]:
        tracer = self._tracer

        @functools.wraps(original)
        def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
            frame = tracer.frame
            code = tracer.conversion.of(original)
            if frame is None:
                return code(layer, *args, **kwargs)
            layer_class: Any = type(layer)
            if layer is tracer.entering and layer_class.call is cls.call:
                tracer.entering = None
                return code(layer, *args, **kwargs)
            caller = sys._getframe(1)  # noqa: SLF001 - who calls is told in no other way
            called = self._called(layer, cls, caller.f_globals)
            if called is None:
                return code(layer, *args, **kwargs)
            run = functools.partial(code, layer, *args, **kwargs)
            if isinstance(frame, Frame):
                return self._recorded(frame, called, run, args, kwargs)
            return frame.direct_call(run, called, args, kwargs)

        return call

    def _called(self, layer: Any, cls: Any, caller: dict[str, Any]) -> keras.Layer | None:
        """The layer that is called, to be drawn; ``None`` where code only uses other code.

        Such as that of Keras, a model's that runs its layers, and that of a base class of the
        author's own.
        """
        if str(caller.get("__name__")).startswith("keras."):
            return None
        if layer is not self._tracer.owner:
            return layer
        if issubclass(cls, keras.Model) or not cls.__module__.startswith("keras."):
            return None
        # Keras's layers have their code from bases that it doesn't publish, such as BaseConv.
        bases: tuple[Any, ...] = type(layer).__mro__
        published = next(
            base
            for base in bases
            if base.__module__.startswith("keras.") and vars(cls)["call"] is base.call
        )
        return self._tracer.reader.book.as_base(layer, published)

    def _recorded(
        self, frame: Frame, layer: keras.Layer, run: Callable[[], Any], args: Any, kwargs: Any
    ) -> Any:
        tracer = self._tracer
        if not tensors_in((args, kwargs)):
            return run()
        block, opaque, outputs = tracer.attempt(tracer.ways_of(layer), layer, args, kwargs)
        if outputs is None:
            outputs = tracer.unmade(tracer.suspended(layer.compute_output_spec, *args, **kwargs))
        number = len(frame.calls)
        frame.calls.append(
            recorded(layer, args, kwargs, outputs, ordinal=number, block=block, opaque=opaque)
        )
        return outputs
