"""Keras objects as plain values and short texts, the same in every process."""

from __future__ import annotations

import math
import sys
from functools import partial
from typing import Any

import numpy as np

from sphinxcontrib_kerasgraph.extract.read.variables import is_weight
from sphinxcontrib_kerasgraph.printable import printable
from sphinxcontrib_kerasgraph.public import public
from sphinxcontrib_kerasgraph.schema import DEEPEST, LARGEST_BITS

#: A list longer than this (a vocabulary, an array) is replaced by a note of its length.
_LONGEST_LIST = 64
#: What lies deeper in a configuration is left out: there Python's own reading of it would end, too.
_DEEPEST = DEEPEST // 2
_DEEPER = "…"


def public_text(text: str) -> str:
    """A text of a graph: without characters that aren't shown, and folders of this machine."""
    return printable(public(text, sys.path))


def plain_config(config: dict[str, Any]) -> dict[str, Any]:
    """A layer's ``get_config()`` as JSON can hold it, less what a call has fields for."""
    return {
        str(key): _plain(value, _DEEPEST)
        for key, value in config.items()
        if key not in {"name", "trainable", "layers", "input_layers", "output_layers"}
    }


def _plain(value: Any, deeper: int) -> Any:
    if not deeper:
        return _DEEPER
    match value:
        case int() if value.bit_length() > LARGEST_BITS:
            return plain_text(value)
        case None | bool() | int():
            return value
        case str():
            return public(value, sys.path)
        case float():
            return value if math.isfinite(value) else str(value)
        case dict():
            return {
                str(key): _plain(item, deeper - 1)
                for key, item in value.items()
                # Of a serialized object of Keras's own, which hasn't been registered.
                if key != "registered_name" or item is not None
            }
        case list() | tuple():
            if len(value) > _LONGEST_LIST:
                return f"{len(value):,} items"
            return [_plain(item, deeper - 1) for item in value]
    return plain_text(value, deeper)


def plain_text(value: Any, deeper: int = _DEEPEST) -> str:  # noqa: C901, PLR0911, PLR0912 - a table
    """A value as short Python text, without memory addresses."""
    if not deeper:
        return _DEEPER
    text = partial(plain_text, deeper=deeper - 1)
    match value:
        case int() if value.bit_length() > LARGEST_BITS:  # of which Python makes no text
            return f"a number of {value.bit_length():,} bits"
        case slice() | range():
            return _slice_text(value)
        case tuple() if any(isinstance(item, slice) for item in value):
            return ", ".join(plain_text(item) for item in value)
        case float() if type(value) is not float:  # NumPy's, whose repr names its type
            return float.__repr__(value)
        case str():
            return repr(public(value, sys.path))
        case None | bool() | int() | float() | bytes() | complex():
            return repr(value)
        case type():
            return value.__name__
        case list() | tuple() | set() | frozenset() if len(value) > _LONGEST_LIST:
            return f"{len(value):,} items"
        case list():
            return f"[{', '.join(map(text, value))}]"
        case tuple():
            return f"({', '.join(map(text, value))}{',' * (len(value) == 1)})"
        case dict():
            items = (f"{text(key)}: {text(item)}" for key, item in value.items())
            return f"{{{', '.join(items)}}}"
    if value is Ellipsis:
        return "..."
    if isinstance(value, partial):
        return _partial_text(value)
    shape = getattr(value, "shape", None)
    if shape is not None:
        return _array_text(value, tuple(shape))
    name = getattr(value, "name", None) or getattr(value, "__name__", None)
    return name if isinstance(name, str) else type(value).__name__


def _partial_text(value: partial[Any]) -> str:
    """The function that it calls, with what it is given: ``gelu(approximate=True)``."""
    given = [*map(plain_text, value.args)]
    given += [f"{name}={plain_text(one)}" for name, one in value.keywords.items()]
    return f"{plain_text(value.func)}({', '.join(given)})"


def _slice_text(value: slice | range) -> str:
    if isinstance(value, range):
        return f"{value.start} … {value.stop - 1}"
    start, stop, step = (
        "" if part is None else plain_text(part) for part in (value.start, value.stop, value.step)
    )
    return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"


def _array_text(value: Any, shape: tuple[Any, ...]) -> str:
    if is_weight(value):  # what it holds is by chance
        return f"{value.name} {_dtype_text(value)}{list(shape)}"
    # A tensor of the backend may be computed from a weight, which holds another value each time.
    if isinstance(value, np.ndarray | np.generic) and value.size == 1:
        return repr(value.item())
    return f"{_dtype_text(value)}{list(shape)}"


def _dtype_text(value: Any) -> str:
    dtype = getattr(value, "dtype", "array")
    return str(getattr(dtype, "name", None) or str(dtype).rpartition(".")[2])
