"""What a documented Python object tells of models: by names alone, without Keras.

The object may be a real one, or one that autodoc made with ``autodoc_mock_imports``.
"""

from __future__ import annotations

import abc
import ast
import inspect
import re
import sys
import types
import typing
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Keras's classes of models, of all its versions, under public names and private ones.
_MODEL = re.compile(
    r"(?:tensorflow\.(?:\w+\.)*|tf\.)?(?:tf_)?keras\.(?:\w+\.)*(?:Model|Sequential|Functional)"
)
#: Those of what no literal can be given for: models, layers, tensors.
_OF_KERAS = re.compile(r"(?:tensorflow|tf|tf_keras|keras|jax|torch)\.")
#: The methods in whose docstrings the class is meant.
OF_CLASS = frozenset({"__init__", "__new__", "__call__", "call"})
_UNIONS = (typing.Union, types.UnionType)


def found(name: str) -> Any:
    """The object of that full name, if its module has been imported; else ``None``."""
    return _walked(name)[1]


def owner_of(name: str) -> Any:
    """What has the object of that full name, a module or class; else ``None``."""
    return _walked(name)[0]


def _walked(name: str) -> tuple[Any, Any]:
    parts = name.split(".")
    for at in range(len(parts) - 1, 0, -1):
        one: Any = sys.modules.get(".".join(parts[:at]))
        if one is None:
            continue
        owner = None
        for part in parts[at:]:
            owner = one
            try:
                one = getattr(owner, part)
            except Exception:  # noqa: BLE001 - a module's __getattr__ runs the author's code
                return None, None
        return owner, one
    return None, None


def first_name(name: str) -> str:
    """The full name under which the object was defined, if it still leads to it; else ``name``."""
    one = found(name)
    module, qualified = getattr(one, "__module__", None), getattr(one, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(qualified, str) or "<" in qualified:
        return name
    defined = f"{module}.{qualified}"
    return defined if one is not None and found(defined) == one else name


def missing_arguments(one: Any) -> list[str]:
    """The parameters without a default of a function or class; of anything else, none."""
    return [parameter.name for parameter in _required(one)]


def _required(one: Any) -> list[inspect.Parameter]:
    is_class = isinstance(one, type)
    # A class of mocks has the signature of a mock, and one of Keras's that of a wrapper.
    function = getattr(one, "__init__", None) if is_class else one
    if not is_class and not inspect.isroutine(one) and not isinstance(one, partial):
        return []
    try:
        every = list(_signature(function).parameters.values())
    except Exception:  # noqa: BLE001 - annotations are code, run when they are looked at
        return []
    return [
        parameter
        for parameter in every[is_class:]
        if parameter.default is parameter.empty
        and parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
    ]


def _signature(function: Any) -> inspect.Signature:
    if sys.version_info >= (3, 14):
        from annotationlib import Format

        return inspect.signature(function, annotation_format=Format.FORWARDREF)
    return inspect.signature(function)


def _annotations(function: Any) -> Mapping[str, Any]:
    """Those of a function; names of imports for type checkers may stand for themselves."""
    if sys.version_info >= (3, 14):
        from annotationlib import Format, get_annotations

        return get_annotations(function, format=Format.FORWARDREF)
    annotations: Mapping[str, Any] = function.__annotations__
    return annotations


def is_model(one: Any) -> bool:
    """Whether the object is a model, of one of Keras's classes or of a subclass."""
    if isinstance(one, type):
        return False
    # Of a mocked class there are only objects; those that it was called for have arguments.
    if _is_mock(one) and "__sphinx_decorator_args__" not in getattr(one, "__dict__", {}):
        return False
    return _is_class_of_models(type(one))


def is_model_class(one: Any) -> bool:
    """Whether the object is a class of models of the author's, of which there can be models."""
    if not isinstance(one, type) or not any(map(_is_of_keras, one.__mro__[1:])):
        return False
    is_abstract = inspect.isabstract(one) or abc.ABC in one.__bases__
    if _is_of_keras(one) or is_abstract:
        return False
    own = [cls for cls in one.__mro__ if not _OF_KERAS.match(f"{cls.__module__}.")]
    own = [cls for cls in own if cls is not object and "__sphinx_mock__" not in vars(cls)]
    defined: dict[str, Any] = {}
    for cls in reversed(own):
        defined.update(vars(cls))
    # Without any of these it has nothing to draw, as a base that adds methods.
    if not any(name in defined for name in ("call", "train_step", "__init__", "__new__")):
        return False
    names = getattr(getattr(defined.get("call"), "__code__", None), "co_names", ())
    return bool(names != ("NotImplementedError",))


def returns_model(one: Any, owner: Any = None) -> bool | None:
    """Whether a function, of a class or not, is annotated to return a model; ``None`` if not so.

    ``None`` where it has no annotation of what it returns, or one that isn't understood.
    """
    function = one
    while isinstance(function, partial | types.MethodType):
        function = function.func if isinstance(function, partial) else function.__func__
    function = inspect.unwrap(function)
    try:
        annotation = _annotations(function)["return"]
        names = function.__globals__
    except Exception:  # noqa: BLE001 - annotations are code, run when they are looked at
        return None
    return _means_model(annotation, names, owner)


def wants_objects(one: Any) -> bool:
    """Whether the function asks for models, layers or tensors, for which no literal stands."""
    names = getattr(inspect.unwrap(one), "__globals__", {}) if callable(one) else {}
    return any(
        parameter.annotation is not parameter.empty and _is_object(parameter.annotation, names)
        for parameter in _required(one)
    )


def _is_object(annotation: Any, names: dict[str, Any]) -> bool:
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        value = _value(annotation, names)
        return bool(_OF_KERAS.match(annotation)) if value is None else _is_object(value, names)
    cls = annotation if isinstance(annotation, type) else type(annotation)
    return any(_OF_KERAS.match(f"{base.__module__}.") for base in cls.__mro__)


def _means_model(annotation: Any, names: dict[str, Any], owner: Any) -> bool | None:
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        return _text_means_model(annotation, names, owner)
    if annotation is typing.Self:
        return isinstance(owner, type) and _is_class_of_models(owner)
    if isinstance(annotation, typing.TypeVar):
        bound = annotation.__bound__
        return None if bound is None else _means_model(bound, names, owner)
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _means_model(parts[0], names, owner)
    if origin in _UNIONS:
        return all(
            _means_model(part, names, owner) is True for part in parts if part is not types.NoneType
        )
    return _is_class_of_models(annotation if isinstance(annotation, type) else type(annotation))


def _text_means_model(text: str, names: dict[str, Any], owner: Any) -> bool | None:
    """What an annotation in quotes says; its names may be those of imports for type checkers."""
    try:
        tree: ast.expr = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    match tree:
        case ast.Constant(value=str() as inner):
            return _text_means_model(inner, names, owner)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            sides = [one for one in (left, right) if not _is_none(one)]
            return all(_text_means_model(ast.unparse(one), names, owner) for one in sides)
        case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional")):
            return _text_means_model(ast.unparse(tree.slice), names, owner)
        case ast.Name(id="Self") | ast.Attribute(attr="Self"):
            return isinstance(owner, type) and _is_class_of_models(owner)
    value = _value(text, names)
    if value is not None:
        return _means_model(value, names, owner)
    written = ast.unparse(tree)
    if _MODEL.fullmatch(written):
        return True
    return None if isinstance(tree, ast.Name) and written != "None" else False


def _is_none(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and tree.value is None


def _value(text: str, names: dict[str, Any]) -> Any:
    """What a dotted name stands for; ``None`` if that isn't known."""
    first, *rest = text.strip().split(".")
    value = names.get(first)
    for part in rest:
        try:
            value = getattr(value, part)
        except Exception:  # noqa: BLE001
            return None
    return value


def _is_class_of_models(cls: type) -> bool:
    return any(map(_is_of_keras, cls.__mro__))


def _is_of_keras(cls: type) -> bool:
    """Whether it is Keras's own class of models, or the mock of it."""
    return _MODEL.fullmatch(f"{cls.__module__}.{cls.__qualname__}") is not None


def _is_mock(one: Any) -> bool:
    return any("__sphinx_mock__" in vars(cls) for cls in type(one).__mro__)
