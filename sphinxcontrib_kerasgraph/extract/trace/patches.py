"""Attributes of Keras, replaced for the time being."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any

import keras

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: Operators, and those by which the right operand answers.
_REFLECTED = {
    "add": "radd",
    "floordiv": "rfloordiv",
    "matmul": "rmatmul",
    "mod": "rmod",
    "mul": "rmul",
    "pow": "rpow",
    "sub": "rsub",
    "truediv": "rtruediv",
    "eq": "eq",
    "ne": "ne",
    "ge": "le",
    "gt": "lt",
    "le": "ge",
    "lt": "gt",
}


def replaced(
    owner: Any, name: str, wrap: Callable[[Any], Any]
) -> contextlib.AbstractContextManager[None]:
    """Have ``owner.name`` be what ``wrap`` makes of it."""
    return all_replaced([(owner, name, wrap)])


@contextlib.contextmanager
def all_replaced(items: Iterable[tuple[Any, str, Callable[[Any], Any]]]) -> Iterator[None]:
    """As `replaced`, for many attributes, one after the other."""
    before: list[tuple[Any, str, Any, bool]] = []
    try:
        for owner, name, wrap in items:
            original = getattr(owner, name, None)
            before.append((owner, name, original, name not in vars(owner)))
            setattr(owner, name, wrap(original))
        yield
    finally:
        for owner, name, original, was_missing in reversed(before):
            if was_missing:
                delattr(owner, name)
            else:
                setattr(owner, name, original)


@contextlib.contextmanager
def symbolic_right_operands() -> Iterator[None]:
    """Let ``array * x`` record an operation as ``x * array`` does.

    Arrays of NumPy and tensors of TensorFlow would compute with a symbolic tensor on their right,
    and fail; those of JAX and torch let it answer.
    """
    with contextlib.ExitStack() as stack:
        # NumPy lets an operand answer that says so: numpy.org/neps/nep-0013-ufunc-overrides.html
        stack.enter_context(replaced(keras.KerasTensor, "__array_ufunc__", lambda _: None))
        if keras.config.backend() == "tensorflow":
            import tensorflow as tf  # noqa: PLC0415 - only where it is the backend

            for name, reflected in _REFLECTED.items():
                wrap = functools.partial(_answered, reflected=f"__{reflected}__")
                stack.enter_context(replaced(tf.Tensor, f"__{name}__", wrap))
        yield


def _answered(original: Callable[..., Any], reflected: str) -> Callable[..., Any]:
    @functools.wraps(original)
    def method(self: Any, other: Any) -> Any:
        if isinstance(other, keras.KerasTensor):
            return getattr(other, reflected)(self)
        return original(self, other)

    return method
