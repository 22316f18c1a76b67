"""Which entries of a layer's configuration aren't what the layer has by default."""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read.plain import plain_config
from sphinxcontrib_kerasgraph.graph.configuration import value_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Of a parameter that has to be given.
_REQUIRED = object()
#: Short names of initializers that aren't those of their classes.
_ALIASES = {"uniform": "random_uniform", "normal": "random_normal"}


def chosen(cls: type, config: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the entries that aren't the default's, of a configuration as JSON holds it.

    The defaults are those of the signatures of the class and of its bases, and what Keras takes in
    place of ``None``.
    """
    defaults = _defaults(cls)
    return tuple(
        name
        for name, value in config.items()
        if value is not None and not _is_default(name, value, defaults.get(name), config)
    )


@cache
def _defaults(cls: type) -> dict[str, Any]:
    """The defaults of all parameters that the class takes; a base's where it hands them on."""
    found: dict[str, Any] = {}
    for one in cls.__mro__:
        method = vars(one).get("__init__")
        if method is None:
            continue
        try:
            parameters = inspect.signature(method).parameters
        except (TypeError, ValueError):
            break
        hands_on = False
        for name, parameter in parameters.items():
            hands_on |= parameter.kind is parameter.VAR_KEYWORD
            required = parameter.default is parameter.empty
            found.setdefault(name, _REQUIRED if required else parameter.default)
        if not hands_on:
            break
    return found


def _is_default(name: str, value: Any, default: Any, config: Mapping[str, Any]) -> bool:
    if name in {"dtype", "dtype_policy"} and (default is None or default is _REQUIRED):
        return value_text(value) == _policy()
    if default is _REQUIRED:
        return False
    if default is None:  # as old arguments are, which are but among the keywords
        return value is False or bool(_in_place_of_none(name, config) == value)
    if isinstance(value, dict):
        return _is_object_by_default(value, default)
    plain = plain_config({name: default}).get(name)
    sizes = set(_flat(value))  # one for all sides, say
    return bool(plain == value) or (len(sizes) == 1 and sizes == set(_flat(plain)))


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _flat(one)
    else:
        yield str(value) if isinstance(value, dict) else value


def _policy() -> str:
    try:
        return str(keras.config.dtype_policy().name)
    except Exception:
        return str(keras.config.floatx())


def _in_place_of_none(name: str, config: Mapping[str, Any]) -> Any:
    """What Keras takes where ``None`` is given."""
    match name:
        case "activation":
            return "linear"
        case "data_format":
            return keras.config.image_data_format()
        case "strides":  # of pooling
            return config.get("pool_size")
        case "value_dim":  # of attention
            return config.get("key_dim")
    return None


def _is_object_by_default(value: Mapping[str, Any], default: Any) -> bool:
    """Whether a serialized initializer, say, is the one that the default names."""
    if not isinstance(default, str):
        return value_text(value) == value_text(plain_config({"": default})[""])
    name, config = value.get("class_name"), value.get("config")
    if not isinstance(name, str) or not isinstance(config, dict):
        return value_text(value) == default
    # In Keras 3.5 "orthogonal" is an OrthogonalInitializer.
    short = value_text({"class_name": name}).removesuffix("_initializer")
    if short != _ALIASES.get(default, default):
        return False
    places = (keras.initializers, keras.regularizers, keras.constraints)
    classes = [one for place in places if isinstance(one := getattr(place, name, None), type)]
    return bool(classes) and not chosen(classes[0], config)
