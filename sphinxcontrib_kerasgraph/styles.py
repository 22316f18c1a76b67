"""What an author wants calls to look like: rules by patterns, as conf.py and pages have them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from string import Formatter
from typing import Any

from sphinxcontrib_kerasgraph import colors
from sphinxcontrib_kerasgraph.faults import Fault, did_you_mean
from sphinxcontrib_kerasgraph.option_kinds import Kind

#: What a rule may say.
_KEYS = ("color", "kind", "label")


@dataclass(frozen=True)
class StyleRule:
    """How the calls look that a pattern matches."""

    #: A path, class, or full name of a class, with the wildcards of shells.
    pattern: str
    #: As ``#rrggbb``; empty for that of the kind.
    color: str = ""
    #: A kind of ours by its name, or one of the author's; empty for that of the call.
    kind: str = ""
    #: What is told beside the class, with fields in braces; empty for what is told anyway.
    label: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields of the label."""
        return fields_of(self.label)

    @property
    def unreadable(self) -> str:
        """What is to be told of a color in which text can't be read; else empty."""
        if not self.color or colors.is_readable(self.color):
            return ""
        darker = colors.readable(self.color)
        return f"text can't be read in the color {self.color!r}, so that it is drawn in {darker!r}"


class StyleTable(Kind):
    """Rules, by their patterns."""

    def __init__(self) -> None:
        super().__init__("a dict of patterns to dicts with any of color, kind and label")

    def parse(self, text: str) -> tuple[StyleRule, ...]:
        """The dict as it is written in Python."""
        try:
            return self.check(ast.literal_eval(text.strip()))
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise ValueError from error

    def check(self, value: Any) -> tuple[StyleRule, ...]:
        """Accepts a dict of dicts, or rules. Raises `Fault` ``option`` that tells what is wrong."""
        if isinstance(value, tuple) and all(isinstance(one, StyleRule) for one in value):
            return value
        if not isinstance(value, dict):
            raise TypeError
        return tuple(_rule(pattern, style) for pattern, style in value.items())


def fields_of(label: str) -> tuple[str, ...]:
    """The names in braces. Raises `ValueError` where braces aren't in pairs."""
    parts = [(name, spec, how) for _, name, spec, how in Formatter().parse(label)]
    if any(
        name is not None and (not name.isidentifier() or spec or how) for name, spec, how in parts
    ):
        raise ValueError("a field is a name in braces")
    return tuple(dict.fromkeys(name for name, _, _ in parts if name))


def _rule(pattern: Any, style: Any) -> StyleRule:
    if not isinstance(pattern, str) or not pattern.strip():
        raise ValueError
    if not isinstance(style, dict):
        raise Fault(
            "option",
            f"The style of {pattern!r} is {style!r}.",
            'It must be a dict such as {"color": "#3e35c4"}.',
        )
    for key, value in style.items():
        if key not in _KEYS:
            known = f"Known are: {', '.join(_KEYS)}."
            advice = did_you_mean(str(key), _KEYS, known)
            raise Fault("option", f"The style of {pattern!r} has no key {key!r}.", advice)
        if not isinstance(value, str) or not value.strip():
            raise Fault("option", f"The {key} of {pattern!r} is {value!r}.", "It must be a text.")
    color = colors.parsed(style.get("color", "#000"))
    if color is None:
        raise Fault(
            "option",
            f"The color of {pattern!r} is {style['color']!r}.",
            "It must be in the form '#3e35c4'.",
        )
    label = style.get("label", "")
    try:
        fields_of(label)
    except ValueError as error:
        raise Fault(
            "option",
            f"The label of {pattern!r} is {label!r}.",
            "What is in braces must be a name, such as '{kernel_size}'; a brace itself is '{{'.",
        ) from error
    return StyleRule(
        pattern.strip(), color if "color" in style else "", style.get("kind", "").strip(), label
    )
