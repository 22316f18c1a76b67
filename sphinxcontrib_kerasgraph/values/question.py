"""What a text asks of a model: ``mypkg.build conv1.filters``, taken apart; nothing is built."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sphinxcontrib_kerasgraph.faults import Fault

#: The name of a value, places in it, and the format.
_ASKED = re.compile(r"(?P<named>[^:\s]+?)(?P<places>(?:\[-?\d+\])*)(?::(?P<format>\S+))?")
_EXAMPLE = (
    "Write the model and, after a space, what of it is meant: 'mypkg.build params', "
    "'mypkg.build(depth=50) conv1.filters', 'mypkg.build params:,'."
)


@dataclass(frozen=True)
class Question:
    """Which value of a model is wanted, and how it is written."""

    #: The name of the value.
    name: str
    #: The path of the layer that it is of; ``None`` for the model.
    layer: str | None = None
    #: Of a value that has several, such as a shape, which one.
    places: tuple[int, ...] = ()
    #: A format specification of Python's; ``None`` for the usual way.
    format: str | None = None

    @property
    def text(self) -> str:
        """What the value is called on the page, its format aside."""
        places = "".join(f"[{place}]" for place in self.places)
        return f"{self.layer}.{self.name}{places}" if self.layer else f"{self.name}{places}"


def parse_question(text: str) -> Question:
    """The question that a word is. Raises `Fault` ``value`` if it is none."""
    found = _ASKED.fullmatch(text)
    layer, dot, name = found["named"].rpartition(".") if found else ("", "", "")
    if found is None or not name.isidentifier() or (dot and not layer):
        raise Fault("value", f"{text!r} names no value of a model.", _EXAMPLE)
    places = tuple(map(int, re.findall(r"-?\d+", found["places"])))
    return Question(name, layer or None, places, found["format"])


def divide(text: str) -> tuple[str, str]:
    """The model that a text names, and its last word. Raises `Fault` ``value``."""
    target, _, asked = text.strip().rpartition(" ")
    if not target or target.count("(") != target.count(")"):
        raise Fault("value", f"{text!r} names a model, and no value of it.", _EXAMPLE)
    return target.strip(), asked
