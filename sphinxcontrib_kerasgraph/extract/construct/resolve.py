"""A Target made into a Keras model: what it names imported, its function called."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.construct.saved import saved_model
from sphinxcontrib_kerasgraph.extract.errors import described, own_traceback
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from types import ModuleType

    from sphinxcontrib_kerasgraph.target import ShapeTree, Target


def find(target: Target) -> Any:
    """What the target names, imported; ``None`` for a file. Raises `Fault` ``import``."""
    if target.is_file:
        return None
    if target.module is not None:
        found: Any = _import(target.module)
        names = target.path.split(".")
    else:
        first, *names = target.path.split(".")
        found = _import(first)
    while names:
        found = _member(found, names.pop(0))
    return found


def _member(owner: Any, name: str) -> Any:
    """An attribute, or else a submodule not imported yet."""
    try:
        found = getattr(owner, name)
    except AttributeError:
        pass
    except Exception as error:  # a module's __getattr__ runs the user's code
        raise _import_fault(f"{_name(owner)}.{name}", error) from error
    else:
        full = f"{_name(owner)}.{name}"
        # A submodule may be there since another model's code has imported it.
        return _import(full) if found is not None and found is sys.modules.get(full) else found
    if not inspect.ismodule(owner) or not hasattr(owner, "__path__"):
        raise Fault(
            "import",
            f"{_name(owner)!r} has no {name!r}.",
            f"Check the spelling; {getattr(owner, '__file__', 'it')} was looked at.",
        )
    return _import(f"{owner.__name__}.{name}")


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if not f"{name}.".startswith(f"{missing}."):
            raise _import_fault(name, error) from error
        parent, _, last = missing.rpartition(".")
        if parent:
            raise Fault(
                "import", f"The module {parent!r} has no {last!r}.", "Check the spelling."
            ) from error
        raise Fault(
            "import",
            f"There is no module {missing!r}.",
            "Install it {found_where}.",
        ) from error
    except BaseException as error:
        raise _import_fault(name, error) from error


def _import_fault(name: str, error: BaseException) -> Fault:
    return Fault(
        "import",
        f"Importing {name!r} raised {described(error)}.",
        "Mend the module; {more} shows the traceback.",
        own_traceback(error),
    )


def make(target: Target, found: Any, input_shape: ShapeTree | None) -> keras.Model:
    """The model, from what `find` gave, or from the file.

    A model of a module is copied if it is to be built with ``input_shape``. Raises `Fault`
    ``build``.
    """
    if target.is_file:
        return saved_model(target.path)
    is_model = isinstance(found, keras.Model)
    if is_model and not target.called:
        return found if input_shape is None else _copied(found)
    if is_model or not callable(found):
        what = "a model, not a function" if is_model else f"of type {type(found).__name__}"
        raise Fault(
            "build",
            f"{target.path!r} is {what}.",
            "Name a function that returns a model, a subclass of keras.Model, or a model without "
            "a call.",
        )
    try:
        made = found(*target.args, **dict(target.kwargs))
    except BaseException as error:
        raise Fault(
            "build",
            f"Calling {target.text!r} raised {described(error)}.",
            "Mend the function or its arguments; {more} shows the traceback.",
            own_traceback(error),
        ) from error
    if not isinstance(made, keras.Model):
        raise Fault(
            "build",
            f"{target.text!r} returned {_a(type(made).__name__)}, not a Keras model.",
            "Return a keras.Model from it.",
        )
    return made


def _copied(model: keras.Model) -> keras.Model:
    """A copy of a module's model, to be built with a shape that others don't ask for."""
    if isinstance(model, keras.Sequential) and not model.built:
        with contextlib.suppress(Exception):  # a layer that can't be copied
            return keras.models.clone_model(model)
    return model


def _name(owner: Any) -> str:
    return getattr(owner, "__name__", type(owner).__name__)


def _a(type_name: str) -> str:
    return "None" if type_name == "NoneType" else f"an object of type {type_name}"
