"""By which full names a class is known: where it is defined, and as documentation has it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph.naming import snake_case

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph.calls import Call

_OPERATION = re.compile(r"keras\.src\.ops\.(\w+)\.(\w+)")
#: Operations of Keras that aren't named as their functions are.
_FUNCTIONS = {
    "AllClose": "allclose",
    "BatchNorm": "batch_normalization",
    "CDist": "cdist",
    "IsIn": "isin",
    "LayerNorm": "layer_normalization",
    "RMSNorm": "rms_normalization",
    "SearchSorted": "searchsorted",
}


def class_of(call: Call) -> str:
    """The full name of a call's class, or function; empty where it has none."""
    return f"{call.module}.{call.qualname}" if call.module else ""


def is_keras(call: Call) -> bool:
    """Whether the call's class is one of Keras itself."""
    return call.module.partition(".")[0] in {"keras", "tf_keras"}


@lru_cache(maxsize=1024)
def names_of(name: str) -> tuple[str, ...]:
    """By which names a class may be documented: its own, and those by which users know it."""
    public = name
    if match := _OPERATION.fullmatch(name):
        module, own = match.groups()
        function = _FUNCTIONS.get(own) or snake_case(own)
        public = f"keras.ops.image.{function}" if module == "image" else f"keras.ops.{function}"
    names = [name, public]
    if public.startswith("keras."):
        names.append(f"tf.{public}")
    return tuple(dict.fromkeys(names))
