"""Attributes of Keras, replaced for the time being."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import keras

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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


#: An object, the name of an attribute of it, and what makes another one of what it is.
Replacement = tuple[Any, str, Callable[[Any], Any]]


def classes_of(cls: type) -> list[type]:
    """The class, and all that derive from it, each once."""
    found = {cls: None}
    ahead = [cls]
    while ahead:
        derived: list[type] = ahead.pop().__subclasses__()
        ahead += [one for one in derived if one not in found]
        found |= dict.fromkeys(derived)
    return list(found)


@contextlib.contextmanager
def replaced(items: Iterable[Replacement]) -> Iterator[None]:
    """Have attributes be others for the time being, replaced one after the other."""
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


def hooked(
    items: Iterable[tuple[Any, str, Callable[..., Any]]],
) -> contextlib.AbstractContextManager[None]:
    """Have a hook be called in place of each attribute, with the original before its arguments."""
    return replaced((owner, name, functools.partial(_wrapper, hook)) for owner, name, hook in items)


def _wrapper(hook: Callable[..., Any], original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return hook(original, *args, **kwargs)

    return wrapper


@contextlib.contextmanager
def without_warnings(logger: logging.Logger) -> Iterator[None]:
    """Have the logger tell of errors alone meanwhile."""
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextlib.contextmanager
def symbolic_right_operands() -> Iterator[None]:
    """Let ``array * x`` record an operation as ``x * array`` does.

    Arrays of NumPy and tensors of TensorFlow would compute with a symbolic tensor on their right,
    and fail; those of JAX and torch let it answer.
    """
    # NumPy lets an operand answer that says so: numpy.org/neps/nep-0013-ufunc-overrides.html
    operands: list[Replacement] = [(keras.KerasTensor, "__array_ufunc__", lambda _: None)]
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf  # noqa: PLC0415 - only where it is the backend

        operands += [
            (tf.Tensor, f"__{name}__", functools.partial(_answered, reflected=f"__{reflected}__"))
            for name, reflected in _REFLECTED.items()
        ]
    with replaced(operands):
        yield


def _answered(original: Callable[..., Any], reflected: str) -> Callable[..., Any]:
    @functools.wraps(original)
    def method(self: Any, other: Any) -> Any:
        if isinstance(other, keras.KerasTensor):
            return getattr(other, reflected)(self)
        return original(self, other)

    return method
