"""Links from what is drawn to where its classes are documented. Needs neither Sphinx nor a network.

Where that is, is known when a page is written. Until then boxes lead to ``kerasgraph:`` and their
class.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from sphinxcontrib_kerasgraph.graph.public_names import class_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sphinxcontrib_kerasgraph.graph import CallGraph

_API = "api_docs/python/tf"
_TENSORFLOW = f"https://www.tensorflow.org/{_API}"
#: The last release whose pages tell of Keras 2.
_KERAS_2 = f"https://www.tensorflow.org/versions/r2.15/{_API}/keras"
#: The official pages, by patterns of names, of which the first counts that fits. Those on keras.io
#: are in folders by topics, which no name tells; TensorFlow's tell of Keras 3 as well.
TEMPLATES: Mapping[str, str | None] = {
    "keras.src.models.functional.Functional": f"{_TENSORFLOW}/keras/Model",
    "keras.src.*": None,
    "keras.Layer.*": None,  # its methods
    "keras.*": f"{_TENSORFLOW}/keras/{{path}}",
    "tf_keras.src.engine.functional.Functional": f"{_KERAS_2}/Model",
    "tf_keras.src.*": None,
    "tf_keras.*": f"{_KERAS_2}/{{path}}",
    "tf.keras.*": None,
    "tf.*": f"{_TENSORFLOW}/{{path}}",
}

#: Where a box of a drawing leads; in its texts there is no ``<``.
_LINK = re.compile(r'<a href="kerasgraph:([^"]*)"')

_PLACE = re.compile(r"\{(?:name|module|full|path)\}")


def classes(graph: CallGraph) -> Iterator[str]:
    """Those of all calls, at any depth, each once."""
    yield from dict.fromkeys(filter(None, (class_of(call) for _, call in graph.walk())))


def linked(svg: str, links: Mapping[str, str]) -> str:
    """The drawing with addresses in place of the classes of its boxes, where there are any."""

    def start(found: re.Match[str]) -> str:
        url = links.get(unescape(found[1]))
        return f'<a href="{escape(url)}"' if url else "<a"

    return _LINK.sub(start, svg)


def with_links(data: str, links: Mapping[str, str]) -> str:
    """What is told of a drawing, with the addresses of classes in it."""
    told = {name: url for name, url in links.items() if _json(name) in data}
    return f'{data[:-1]},"links":{_json(told)}}}'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def is_safe(url: str) -> bool:
    """Whether a link may lead there: it isn't a script, nor anything else but a page."""
    if not url or url != url.strip() or not url.isprintable():
        return False
    try:
        return urlsplit(url).scheme.lower() in {"", "http", "https"}
    except ValueError:
        return False


class Templates:
    """Addresses of pages by patterns of names. Those given come before `TEMPLATES`."""

    def __init__(self, given: Mapping[str, str | None]) -> None:
        self._templates = [
            (_pattern(pattern), url) for pattern, url in [*given.items(), *TEMPLATES.items()]
        ]

    def url(self, name: str) -> str | None:
        """The page of the name: that of the first pattern that fits, which may have none."""
        for pattern, url in self._templates:
            if match := pattern.fullmatch(name):
                return url and _filled(url, name, "".join(match.groups()[:1]))
        return None


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile("(.*)".join(map(re.escape, text.split("*"))))


def _filled(template: str, full: str, path: str) -> str:
    module, _, name = full.rpartition(".")
    told = {
        "{name}": quote(name, safe=""),
        "{module}": quote(module, safe=""),
        "{full}": quote(full, safe=""),
        "{path}": "/".join(quote(part, safe="") for part in path.split(".")),
    }
    return _PLACE.sub(lambda found: told[found[0]], template)


class Documented:
    """Names that are documented somewhere."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._modules: set[str] = set()
        self._by_last: dict[str, list[str]] = defaultdict(list)
        for name in self._names:
            module, _, last = name.rpartition(".")
            self._modules.add(module)
            self._by_last[last].append(name)

    def find(self, name: str) -> str | None:
        """The name by which a class is documented, of which ``name`` tells where it is defined.

        That may be another name of the same package: classes are documented where users import
        them from. One further up is meant for sure; any other one only if it is alone, and nothing
        is documented where the class is defined.
        """
        if name in self._names:
            return name
        *places, _ = parts = name.split(".")
        if "<locals>" in places or len(parts) == 1:
            return None
        own = _own_name(parts)
        package = parts[0] + "."
        found = [
            other
            for other in self._by_last[parts[-1]]
            if other.startswith(package) and f".{other}".endswith(f".{own}")
        ]
        above = [one for one in found if name.startswith(one.removesuffix(own))]
        if above:
            return max(above, key=len)
        is_known = name.removesuffix(f".{own}") in self._modules
        return found[0] if len(found) == 1 and not is_known else None


def _own_name(parts: list[str]) -> str:
    """The qualified name of a class: with those of the classes that it is defined in."""
    at = len(parts) - 1
    while at > 1 and parts[at - 1][:1].isupper():
        at -= 1
    return ".".join(parts[at:])
