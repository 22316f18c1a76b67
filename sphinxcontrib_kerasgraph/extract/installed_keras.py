"""Keras as it is installed: imported once, and what hinders it."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import tempfile
import traceback
from functools import cache
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

#: As in pyproject.toml.
_OLDEST_KERAS = (3, 5)

#: Building a model makes many objects that stay, and few in circles.
_COLLECT_AFTER = (50_000, 50, 50)


@contextlib.contextmanager
def home_as_it_is() -> Iterator[None]:
    """Keep the import of Keras from making a file of settings where there is none.

    Keras looks for the file in ``KERAS_HOME``, else in ``~/.keras``, and writes one of defaults.
    """
    named = os.environ.get("KERAS_HOME")
    home = os.path.expanduser(named or os.path.join("~", ".keras"))
    if os.path.exists(os.path.join(home, "keras.json")):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="kerasgraph-") as folder:
        os.environ["KERAS_HOME"] = folder
        try:
            yield
        finally:
            if named is None:
                del os.environ["KERAS_HOME"]
            else:
                os.environ["KERAS_HOME"] = named


@cache
def keras_fault() -> Fault | None:
    """Import Keras, once; the `Fault` ``keras`` if it, or its backend, isn't there."""
    try:
        keras = _imported()
    except ModuleNotFoundError as error:
        if error.name == "keras":
            return Fault(
                "keras",
                f"Keras is not installed for {sys.executable}.",
                "Install it with a backend: pip install 'sphinxcontrib-kerasgraph[tensorflow]'.",
            )
        return Fault(
            "keras",
            f"Importing Keras failed: there is no module {error.name!r}.",
            "Install the backend that Keras is set to use, or choose another one in "
            "{variable KERAS_BACKEND=jax}.",
            traceback.format_exc(),
        )
    except BaseException as error:
        return Fault(
            "keras",
            f"Importing Keras raised {type(error).__name__}: {error}.",
            "Try 'python -c \"import keras\"' in the same environment.",
            traceback.format_exc(),
        )
    if tuple(map(int, keras.__version__.split(".")[:2])) < _OLDEST_KERAS:
        return Fault(
            "keras",
            f"Keras {keras.__version__} is too old.",
            "Install a newer one: pip install --upgrade keras.",
        )
    return None


def _imported() -> Any:
    """Keras, imported without a look for garbage among the million objects that its import makes.

    That would take a third of the time; and half of that of building models, later, since Keras
    collects garbage whenever names start anew.
    """
    gc.disable()
    try:
        import keras  # noqa: PLC0415 - when it is wanted, and can be missed
    finally:
        gc.enable()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    return keras
