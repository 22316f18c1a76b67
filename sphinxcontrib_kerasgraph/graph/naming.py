"""Names of calls: what Keras makes of a class, and by which name an author knows a layer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph.calls import Call

#: Where words begin in the names of classes, as Keras has it: ``conv2d_transpose``.
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=\w)(?=[A-Z][a-z])")
#: What Keras adds to a name that is taken, and the graph to the id of a layer's further calls.
_NUMBERS = re.compile(r"(_\d+)?(#\d+)?$")


def stem(name: str) -> str:
    """The name of a layer or call without the number that tells it from others of its name.

    Of a path, that of the call itself.
    """
    return _NUMBERS.sub("", name.rpartition("/")[2])


def snake_case(class_name: str) -> str:
    """The name of a class as Keras makes names of it."""
    return _WORD.sub("_", class_name).lower()


def is_automatic(name: str, class_name: str) -> bool:
    """Whether Keras has made the name of that of the class: ``dense``, ``dense_3``."""
    return re.sub(r"_\d+$", "", name) == snake_case(class_name)


def known_as(call: Call) -> str:
    """The name of the call's layer; where Keras has made it, the attribute that holds the layer."""
    if call.attribute is not None and is_automatic(call.name, call.class_name):
        return call.attribute
    return call.name


def own_name(call: Call) -> str:
    """As `known_as`, but nothing where the name is one that Keras has made."""
    name = known_as(call)
    return "" if name == call.name and is_automatic(name, call.class_name) else name
