"""The one fact by which readers tell a layer from others of its class: ``64 · 7×7 / 2``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from sphinxcontrib_kerasgraph.graph import CallKind
from sphinxcontrib_kerasgraph.graph.configuration import field_of, size_text
from sphinxcontrib_kerasgraph.label.alike import places_of
from sphinxcontrib_kerasgraph.label.in_order import in_order
from sphinxcontrib_kerasgraph.printable import printable_value
from sphinxcontrib_kerasgraph.styles import fields_of
from sphinxcontrib_kerasgraph.wording import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.graph import Call

#: How an operation with one constant is written, by the class of the operation.
_SIGNS = {
    "Add": "+",
    "Subtract": "−",
    "Multiply": "×",
    "Divide": "÷",
    "TrueDivide": "÷",
    "FloorDivide": "//",
    "Mod": "%",
    "Power": "^",
    "Matmul": "@",
    "Greater": ">",
    "GreaterEqual": "≥",
    "Less": "<",
    "LessEqual": "≤",
    "Equal": "=",
    "NotEqual": "≠",
}

_LONGEST = 48
#: A part of a fact: a value, and a word that tells what it is.
_WORDED = re.compile(r"((?:dilated|axis|×) )?(.*?)( (?:groups|heads))?", re.DOTALL)
#: How a part with a word before or after its value is told.
_MESSAGES = (
    ("dilated ", "", N_("dilated {value}")),
    ("axis ", "", N_("axis {value}")),
    ("", " head", N_("{value} head")),
    ("", " heads", N_("{value} heads")),
    ("", " group", N_("{value} group")),
    ("", " groups", N_("{value} groups")),
)
#: Words whose value is 1 where a fact doesn't tell it.
_ONE = {("dilated ", ""), ("× ", ""), ("", " groups")}


def key_fact(call: Call) -> str:
    """A short text: a convolution's filters, kernel and strides, a Dense layer's units, and so on.

    Empty where there is nothing to tell. In the notation of papers: ``/ 2`` is a stride of two.
    """
    return _in_words(_fact(call))


def _fact(call: Call) -> str:
    """The same in English, as facts are merged."""
    try:
        text = _constants(call) if call.is_operation else _config_fact(call)
    except (TypeError, ValueError):  # a subclass whose config isn't that of its base
        return ""
    return printable_value(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def merged_facts(calls: Sequence[Call]) -> str:
    """The facts of calls that are drawn as one: ``64, 128 · 3×3``; see `in_order`.

    Or what their author wants told in place of them.
    """
    style = calls[0].marks.style
    return _labelled(calls, style.label) if style and style.label else _merged(calls)


def _labelled(calls: Sequence[Call], label: str) -> str:
    """The label, each of its fields filled with what the calls have there."""
    places = places_of(calls)
    told = {
        name: in_order([size_text(field_of(call, name)) for call in calls], places)
        for name in fields_of(label)
        if name != "fact"
    }
    return label.format(fact=_merged(calls), **told)


def _merged(calls: Sequence[Call]) -> str:
    facts = [_fact(call) for call in calls]
    if len(set(facts)) == 1:
        return _in_words(facts[0])
    places = places_of(calls)
    words, values = _table([_by_words(fact) for fact in facts])
    if not words:
        return in_order(list(map(_in_words, facts)), places)
    columns = zip(*values, strict=True)
    told = [in_order(column, places) for column in columns]
    parts = [f"{b}{text}{a}" for (b, a), text in zip(words, told, strict=True)]
    return _in_words(" · ".join(parts))


def _in_words(fact: str) -> str:
    """The fact with the words in it in the language of the documentation."""
    return " · ".join(map(_part_in_words, fact.split(" · ")))


def _part_in_words(part: str) -> str:
    for before, after, message in _MESSAGES:
        if part.startswith(before) and part.endswith(after) and len(part) > len(before + after):
            value = part.removeprefix(before).removesuffix(after)
            return _(message, value=value)
    return part


#: The words before and after a value of a fact.
_Words: TypeAlias = tuple[str, str]


def _by_words(fact: str) -> dict[_Words, str]:
    """The values of a fact by the words around them; the first without words is ``("", "")``."""
    found: dict[_Words, str] = {}
    for part in fact.split(" · "):
        # Any text matches.
        before, value, after = _WORDED.fullmatch(part).groups("")  # type: ignore[union-attr]
        # Values without words are told apart by their number.
        while (before, after) in found:
            before += "\0"
        found[before, after] = value
    return found


def _table(facts: Sequence[dict[_Words, str]]) -> tuple[list[_Words], list[list[str]]]:
    """The words of all facts, and for each fact the values; nothing if these don't fit together."""
    longest = max(facts, key=len)
    left_out = {words for fact in facts for words in longest.keys() ^ fact.keys()}
    if any(words not in longest or words not in _ONE for words in left_out):
        return [], []
    values = [[fact.get(words, "1") for words in longest] for fact in facts]
    return [(before.replace("\0", ""), after) for before, after in longest], values


def _constants(call: Call) -> str:
    constants = {name: _rounded(value) for name, value in call.constants}
    sign = _SIGNS.get(call.class_name)
    if sign and len(constants) == 1 and constants.keys() <= {"x1", "x2"}:
        left, right = constants.get("x1"), constants.get("x2")
        return f"{left} {sign} x" if right is None else f"{sign} {right}"
    if call.kind is CallKind.WEIGHT:
        return _times(call.outputs[0].shape)
    if call.kind is CallKind.CONSTANT or call.class_name == "Shape":
        return constants.get("value", "")
    if call.class_name == "GetItem" and "key" in constants:
        return f"[{constants['key'].removeprefix('[').removesuffix(']')}]"
    return ", ".join(f"{name}={text}" for name, text in constants.items())


def _rounded(value: str) -> str:
    """A long decimal in four digits, which is as many as tell it from others."""
    try:
        return f"{float(value):.4g}" if "." in value and len(value) > 6 else value
    except ValueError:
        return value


def _config_fact(call: Call) -> str:  # noqa: C901, PLR0912 - a table, a case a line
    config = call.config
    if call.kind is CallKind.CUSTOM:  # its config may mean anything
        return ""
    if call.kind is CallKind.ACTIVATION:
        return _of_activation(call)
    if call.kind in {CallKind.CONVOLUTION, CallKind.POOLING}:
        return _window(config)
    parts = []
    match config:
        case {"num_heads": heads, "key_dim": size}:
            parts = [_counted(heads, "head"), str(size)]
        case {"num_query_heads": heads, "num_key_value_heads": groups, "head_dim": size}:
            parts = [_counted(heads, "head"), _counted(groups, "group"), str(size)]
        case {"input_dim": words, "output_dim": size}:
            parts = [f"{words:,} × {size}"]
        case {"units": units}:
            parts = [str(units)]
        case {"target_shape": shape} | {"output_shape": list() as shape}:
            parts = [_times(shape)]
        case {"rate": rate} | {"stddev": rate} if rate is not None:
            parts = [f"{rate:.3g}" if isinstance(rate, float) else str(rate)]
        case {"padding": list() as padding} | {"cropping": list() as padding}:
            parts = [_sides(padding)]
        case {"size": size} if size:
            parts = [f"× {_times(size)}"]
        case {"axis": int() as axis} if call.kind is CallKind.MERGE and axis != -1:
            parts = [f"axis {axis}"]
        case {"layer": {"class_name": str() as inner, "config": {"units": units}}}:
            parts = [inner, str(units)]
        case {"layer": {"class_name": str() as inner}}:
            parts = [inner]
        case {"n": times}:
            parts = [f"× {times}"]
        case {"dims": dims}:
            parts = [_list(dims)]
    return " · ".join(parts)


def _of_activation(call: Call) -> str:
    if call.class_name == "ReLU" and call.config.get("max_value") is not None:
        return f"{call.config['max_value']:g}"  # as in ReLU6
    return call.activation if call.activation and call.class_name == "Activation" else ""


def _window(config: dict[str, Any]) -> str:
    parts = []
    if config.get("filters"):
        parts.append(str(config["filters"]))
    window = config.get("kernel_size") or config.get("pool_size") or config.get("output_size")
    if window:
        text = _times(window)
        strides = config.get("strides")
        if strides and set(_as_list(strides)) != {1}:
            text += f" / {_short(strides)}"
        parts.append(text)
    if set(_as_list(config.get("dilation_rate", 1))) != {1}:
        parts.append(f"dilated {_short(config['dilation_rate'])}")
    if config.get("groups", 1) not in {1, None}:
        parts.append(_counted(config["groups"], "group"))
    if config.get("depth_multiplier", 1) != 1:
        parts.append(f"× {config['depth_multiplier']}")
    return " · ".join(parts)


def _counted(number: int, of_what: str) -> str:
    return f"{number} {of_what}{'s' * (number != 1)}"


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _times(sizes: Any) -> str:
    return "×".join("?" if size is None else str(size) for size in _as_list(sizes))


def _short(sizes: Any) -> str:
    sizes = _as_list(sizes)
    return str(sizes[0]) if len(set(sizes)) == 1 else _times(sizes)


def _list(values: Any) -> str:
    return ", ".join(map(str, _as_list(values)))


def _sides(sides: list[Any]) -> str:
    """``1`` for the same on all sides; else ``0,1 × 0,1``."""
    pairs = [_as_list(pair) for pair in sides]
    if len({size for pair in pairs for size in pair}) == 1:
        return str(pairs[0][0])
    return " × ".join(_list(pair) for pair in pairs)
