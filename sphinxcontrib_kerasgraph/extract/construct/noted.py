"""What the author's code itself says of how a model is called: its ``__kerasgraph__``."""

from __future__ import annotations

from typing import Any

from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.settings import ATTRIBUTE, MODEL_VALUES
from sphinxcontrib_kerasgraph.target import ModelRequest


def noted(one: Any) -> Calling:
    """What is noted at a class or function, or at the class of a model.

    Raises `Fault` ``target`` for what isn't understood.
    """
    try:
        values = getattr(one, ATTRIBUTE, None)
    except Exception:  # a proxy's __getattr__ runs the author's code
        values = None
    if values is None:
        return Calling()
    try:
        request = ModelRequest("", **MODEL_VALUES.check(values))
    except (ValueError, TypeError) as error:
        name = getattr(one, "__qualname__", type(one).__qualname__)
        raise Fault(
            "target",
            f"{ATTRIBUTE} of {name} is {values!r}.",
            f"It must be {MODEL_VALUES.words}: {{'input_shape': (32,)}}.",
        ) from error
    return Calling.of(request)
