"""A Target made into a Keras model: what it names imported, its function called."""

from __future__ import annotations

import contextlib
import importlib
import inspect
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.construct.functions import missing_arguments, model_of
from sphinxcontrib_kerasgraph.extract.construct.saved import saved_model
from sphinxcontrib_kerasgraph.extract.construct.several import Several, named_parts
from sphinxcontrib_kerasgraph.extract.errors import described, own_traceback
from sphinxcontrib_kerasgraph.extract.legacy.imported import (
    is_legacy_layer,
    is_legacy_model,
    legacy_copy,
)
from sphinxcontrib_kerasgraph.extract.read.attributes import held_by
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.sources import is_own
from sphinxcontrib_kerasgraph.target import Arguments, Attribute, Item

if TYPE_CHECKING:
    from types import ModuleType

    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.target import Step, Target

#: So an input shape is given.
_SHAPE = "{option input-shape=(224, 224, 3)}"
_OF_TENSORS = f" If it takes tensors, give their shape: {_SHAPE}."
_NO_LITERALS = (
    " Where they are no literals, but models, say, write a function that gives them, and name that."
)
#: So many names are told.
_TOLD = 12

#: What `find_owner` has found, by `Target.owner`.
_owners: dict[str, Any] = {}


def find(target: Target) -> Any:
    """What the target names, imported; ``None`` for a file. Raises `Fault` ``import``."""
    if target.is_file:
        return None
    owner = _owners[target.owner] if target.owner in _owners else _found_owner(target)
    return _member(owner, target.path.rpartition(".")[2])


def find_owner(target: Target) -> None:
    """Find what has what the target names, most often a module, for all `find` in forks of this.

    The way there may run the author's code, as of a property. Raises `Fault` ``import``.
    """
    _owners[target.owner] = _found_owner(target)


def _found_owner(target: Target) -> Any:
    names = target.path.split(".")[:-1]
    found: Any = _import(names.pop(0) if target.module is None else target.module)
    for name in names:
        found = _member(found, name)
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
        return found
    if isinstance(owner, dict | list | tuple):
        raise Fault(
            "import",
            f"An object of type {type(owner).__name__} has no {name!r}.",
            f"Write an item of it in brackets. {_known(owner)}",
        )
    if not inspect.ismodule(owner) or not hasattr(owner, "__path__"):
        raise Fault(
            "import",
            f"{_name(owner)!r} has no {name!r}.",
            "Check the spelling"
            + (f"; {owner.__file__} was looked at." if hasattr(owner, "__file__") else "."),
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


def make(target: Target, found: Any, calling: Calling) -> Any:
    """What the target means of what `find` gave, or of the file: a model, a layer, or several.

    A function of tensors becomes a model or layer: see `functions.model_of`. A model of a module is
    copied if it is to be built with a shape. Raises `Fault` ``build``.
    """
    if target.is_file:
        return saved_model(target.path)
    made, text = found, _path(target)
    for step in target.steps:
        made, text = _after(step, made, text, calling), f"{text}{step}"
    called_last = bool(target.steps) and isinstance(target.steps[-1], Arguments)
    if not called_last and callable(made) and not _is_called(made):
        made, text = _called(made, Arguments(), text, calling), f"{text}()"
        called_last = True
    if called_last and callable(made) and not _is_called(made):
        # What a function has returned that makes blocks, say.
        if calling.input_shape is None:
            raise Fault(
                "build",
                f"{text!r} returned a function.",
                f"Give the shape of the tensors that it takes: {_SHAPE}.",
            )
        made = _of_tensors(made, Arguments(), text, calling)
    parts = None if _is_called(made) else named_parts(made)
    if parts is not None:
        return Several(parts, type(made), _name_of(target))
    # A mock only says that it is one.
    if not (issubclass(type(made), keras.Layer) or is_legacy_layer(made)):
        what = _a(type(made).__name__)
        raise Fault(
            "build",
            f"{text!r} {'returned' if called_last else 'is'} {what}, not a Keras model.",
            _instead(made, text),
        )
    is_kept = not target.calls and not called_last
    return _copied(made) if is_kept and calling.input_shape is not None else made


def _instead(made: Any, text: str) -> str:
    """What to name in place of what is no model."""
    items = list(made) if isinstance(made, dict) else range(len(_items(made)))
    parts = [key for key, one in zip(items, _items(made), strict=True) if _may_be_drawn(one)]
    if parts:
        named = f"{text}{Item(parts[0])}"
        return f"Not all that it holds are models. Name an item: {named!r}. {_known(made)}"
    methods = [
        name
        for name, one in inspect.getmembers_static(type(made), inspect.isfunction)
        if not name.startswith("_") and is_own(inspect.getfile(one))
    ]
    more = f" Or name what a method of it returns: '{text}.{methods[0]}()'." if methods else ""
    return (
        "Name a keras.Model or layer, a list or dict of such, a function that returns one, or "
        f"a function of tensors.{more}"
    )


def _items(made: Any) -> list[Any]:
    if isinstance(made, dict):
        return list(made.values())
    return list(made) if isinstance(made, list | tuple) else []


def _may_be_drawn(one: Any) -> bool:
    return callable(one) or _is_called(one)


def _name_of(target: Target) -> str:
    """The last name in a target."""
    names = [step.name for step in target.steps if isinstance(step, Attribute)]
    return names[-1] if names else target.path.rpartition(".")[2]


def _path(target: Target) -> str:
    return ":".join(filter(None, (target.module, target.path)))


def _after(step: Step, made: Any, text: str, calling: Calling) -> Any:
    """What a step of a target leads to, from what the text before it has led to."""
    match step:
        case Arguments():
            return _called(made, step, text, calling)
        case Item(key):
            try:
                return made[key]
            except Exception as error:
                raise Fault(
                    "build", f"{text!r} has no item {key!r}: {described(error)}.", _known(made)
                ) from error
    try:
        return getattr(made, step.name)
    except Exception as error:
        raise Fault(
            "build",
            f"{text!r} is {_a(type(made).__name__)}, which has no {step.name!r}: "
            f"{described(error)}.",
            _known(made),
        ) from error


def _known(made: Any) -> str:
    """What there is to be named in place of what isn't there."""
    if isinstance(made, keras.Layer):
        names = [*held_by(made)]
    elif isinstance(made, dict):
        names = [repr(key) for key in made]
    elif isinstance(made, list | tuple):
        return f"It has {len(made)} items."
    else:
        return "Check the spelling."
    return f"It has: {', '.join(names[:_TOLD])}{', …' * (len(names) > _TOLD)}." if names else ""


def _called(function: Any, given: Arguments, text: str, calling: Calling) -> Any:
    if _is_called(function) or not callable(function):
        is_model = isinstance(function, keras.Model) or is_legacy_model(function)
        what = "a model, not a function" if is_model else _a(type(function).__name__)
        raise Fault(
            "build",
            f"{text!r} is {what}.",
            "Name a function that returns a model, a class of models or layers, or a model or "
            "layer without a call.",
        )
    missing = missing_arguments(function, given.args, dict(given.kwargs))
    is_class = isinstance(function, type)
    if missing and not is_class and calling.input_shape is not None:
        return _of_tensors(function, given, text, calling)
    owner, _, method = text.rpartition(".")
    if missing[:1] == ["self"] and "." in getattr(function, "__qualname__", ""):
        raise Fault(
            "build",
            f"{text!r} is a method of an object.",
            f"Write the call that makes the object, too: '{owner}().{method}'.",
        )
    if missing:
        filled = f"{text}({', '.join([*given.written, *(f'{name}=…' for name in missing)])})"
        raise Fault(
            "build",
            f"{text!r} needs {' and '.join(map(repr, missing))}.",
            f"Write the arguments: {filled!r}.{_NO_LITERALS if is_class else _OF_TENSORS}",
        )
    try:
        return function(*given.args, **dict(given.kwargs))
    except BaseException as error:
        raise _call_fault(f"{text}{given}", error) from error


def _of_tensors(function: Any, given: Arguments, text: str, calling: Calling) -> Any:
    """What a function makes of tensors, which come before the arguments that are given."""
    try:
        return model_of(function, given.args, dict(given.kwargs), calling)
    except Fault:
        raise
    except BaseException as error:
        raise _call_fault(f"{text}{given}", error) from error


def _call_fault(text: str, error: BaseException) -> Fault:
    return Fault(
        "build",
        f"Calling {text!r} raised {described(error)}.",
        "Mend the function or its arguments; {more} shows the traceback.",
        own_traceback(error),
    )


def _copied(model: Any) -> Any:
    """A copy of a module's model, to be built with a shape that others don't ask for."""
    if is_legacy_model(model):
        return legacy_copy(model)
    if isinstance(model, keras.Sequential) and not model.built:
        with contextlib.suppress(Exception):  # a layer that can't be copied
            return keras.models.clone_model(model)
    return model


def _is_called(made: Any) -> bool:
    """Whether it is called to be drawn: a layer or operation of either Keras."""
    return isinstance(made, keras.Operation) or is_legacy_layer(made)


def _name(owner: Any) -> str:
    return getattr(owner, "__name__", type(owner).__name__)


def _a(type_name: str) -> str:
    return "None" if type_name == "NoneType" else f"an object of type {type_name}"
