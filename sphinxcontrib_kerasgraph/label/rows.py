"""The rows of a box: a row for each layer of a chain, and what stands beside it in the same row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import FOLLOWERS, CallKind, GroupKind, Marks
from sphinxcontrib_kerasgraph.label.alike import alike_inside
from sphinxcontrib_kerasgraph.label.changed_details import (
    activation_texts,
    detail_texts,
    shape_texts,
)
from sphinxcontrib_kerasgraph.label.changes import (
    befores,
    fact_texts,
    is_changed,
    other_texts,
    output_texts,
    was_and_is,
)
from sphinxcontrib_kerasgraph.label.details import differing, short_details, short_shapes
from sphinxcontrib_kerasgraph.label.facts import merged_facts
from sphinxcontrib_kerasgraph.label.names import output_names, times_text
from sphinxcontrib_kerasgraph.label.tree import HIGHLIGHT, Role, Row, Text, cell, change_sign
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call
    from sphinxcontrib_kerasgraph.label.spot import Spot
    from sphinxcontrib_kerasgraph.options import LabelOptions

#: What normalizations are known as, by class; of others the name is told.
_ABBREVIATIONS = {
    "BatchNormalization": "BN",
    "LayerNormalization": "LN",
    "GroupNormalization": "GN",
}
#: What nothing stands beside.
_NO_HEADS = {CallKind.ACTIVATION, CallKind.REGULARIZATION}
#: So close are constants that stand for a fraction.
_NEAR = 1e-6


@dataclass(frozen=True)
class Layers:
    """What a row tells: a layer, or several calls that are known by one name together."""

    #: The calls that it stands for; of a layer that differs between repetitions, those of all.
    calls: Sequence[Call]
    #: How often it is there, nothing for once.
    times: str = ""
    #: By what name the first call, with those after it in `more`, is known: ``hard_sigmoid``.
    known_as: str = ""
    more: Sequence[Sequence[Call]] = ()
    #: How many calls that are, in each repetition of the box.
    number: int = 1


def layers_of(calls: Sequence[Call]) -> list[Layers]:
    """The layers in a box: how often each is there, and the calls that it stands for.

    ``calls`` are those at the same place of all repetitions around the box.
    """
    first = calls[0]
    if first.group is None:
        return [Layers(calls)]
    found = []
    for at in range(len(first.group.copies[0].calls)):
        found += layers_of(alike_inside(calls, at))
    if first.group.kind is GroupKind.FOLD and len(found) == 1:
        number = found[0].number * len(first.group.copies)
        return [Layers(found[0].calls, times_text(calls), number=number)]
    return found


def rows(layers: Sequence[Layers], options: LabelOptions, spot: Spot) -> Iterator[Row]:
    """The rows of a box.

    An activation of which nothing is told stands beside a normalization; if the box is dense, both
    stand beside what they follow. The name of the last layer is told if it is that of an output.
    """
    layers = _with_known(layers, options)
    marks = [Marks.of_all(call.marks for call in one.calls) for one in layers]
    is_part = not all(one.highlighted for one in marks)
    starts = [0, *accumulate(one.number for one in layers)]
    at = 0
    while at < len(layers):
        head, first = layers[at], at
        at += 1
        while at < len(layers) and _fits_beside(layers, at, head, options, spot):
            at += 1
        beside = layers[first + 1 : at]
        said = _said(head, beside, options, spot, follows=first > 0)
        if is_part and marks[first].highlighted:  # of all that is in the box it alone
            # A sign begins the row in any case.
            said.insert(int(said[0].role is Role.CHANGE), HIGHLIGHT)
        for one in (head, *beside):
            said += output_names(one.calls, by_layer=spot.is_output and one is layers[-1])
        kind = CallKind.ACTIVATION if head.known_as else head.calls[0].shown_kind
        yield Row((cell(*said),), stripe=kind, first=starts[first])


def _said(
    head: Layers, beside: Sequence[Layers], options: LabelOptions, spot: Spot, *, follows: bool
) -> list[Text]:
    """What a row says of a layer, and of what stands beside it."""
    calls = head.calls
    call = calls[0]
    is_follower = follows and (call.kind in FOLLOWERS or bool(head.known_as))
    sign = change_sign(Marks.of_all(one.marks for one in calls))
    role = Role.FOLLOWER if is_follower else Role.CLASS
    if head.known_as:
        said = [Text(head.known_as, role)]
    else:
        said = was_and_is([befores(calls)[0].class_name], [call.class_name], role)
    if all(one.shared for one in calls):
        said.append(Text(_("shared"), Role.NOTE, gap=1))
    if not head.known_as:
        said += fact_texts(calls)
    said += activation_texts(calls, options)
    said += [beside_text(one, dense=spot.dense) for one in beside]
    if head.times:
        said.append(Text(head.times, Role.TIMES))
    said += [*shape_texts(calls, options), *detail_texts(calls, options), *output_texts(calls)]
    return [*sign, *(said if any(one.change for one in said) else [*said, *other_texts(calls)])]


def _fits_beside(
    layers: Sequence[Layers], at: int, head: Layers, options: LabelOptions, spot: Spot
) -> bool:
    """Whether a layer can stand in the row of ``head``, after the one before it.

    That is an activation of which nothing is told but what it is; in a dense box a normalization,
    too. It is marked as what it is to stand beside.
    """
    one, before = layers[at], layers[at - 1]
    if one.times or head.times or head.calls[0].kind in _NO_HEADS:
        return False
    kind = one.calls[0].kind
    if kind is CallKind.ACTIVATION or one.known_as:
        after = before.calls[0].kind is CallKind.NORMALIZATION and not merged_facts(before.calls)
        wanted = spot.dense or after or _is_identity(one)
    else:
        is_known = one.calls[0].class_name in _ABBREVIATIONS and not merged_facts(one.calls)
        wanted = spot.dense and kind is CallKind.NORMALIZATION and is_known
    if not wanted:
        return False
    marks = Marks.of_all(call.marks for call in head.calls)
    if any(call.marks.distinction != marks.distinction for call in one.calls):
        return False
    if is_changed(one.calls):  # of which it is told what changed
        return False
    return not short_details(one.calls, options) and not differing(before.calls, options)


def _is_identity(layers: Layers) -> bool:
    """Whether nothing is done: an activation that is linear, which is hardly worth a row."""
    return all(
        one.class_name == "Activation" and one.activation == "linear" for one in layers.calls
    )


def beside_text(layers: Layers, *, dense: bool = False) -> Text:
    """An activation, or the like, in a word or two of its colour."""
    call = layers.calls[0]
    if layers.known_as:
        return Text(layers.known_as, Role.BESIDE, kind=CallKind.ACTIVATION)
    name = _ABBREVIATIONS.get(call.class_name, call.class_name) if dense else call.class_name
    words = [merged_facts(layers.calls)]
    if call.class_name != "Activation" or not words[0]:
        words.insert(0, name)
    return Text(" ".join(words).strip(), Role.BESIDE, kind=call.shown_kind)


# What is known by one name


def _with_known(layers: Sequence[Layers], options: LabelOptions) -> list[Layers]:
    """The layers, calls that are an activation together as one, unless more is to be told."""
    found: list[Layers] = []
    at = 0
    while at < len(layers):
        three = layers[at : at + 3]
        if _is_hard_sigmoid(three) and not any(
            short_details(one.calls, options) or short_shapes(one.calls, options) for one in three
        ):
            more = tuple(one.calls for one in three[1:])
            found.append(Layers(three[0].calls, known_as="hard_sigmoid", more=more, number=3))
            at += 3
        else:
            found.append(layers[at])
            at += 1
    return found


def _is_hard_sigmoid(layers: Sequence[Layers]) -> bool:
    """Whether they are ``relu6(x + 3) / 6``, as MobileNetV3 spells it out."""
    if len(layers) < 3 or any(one.times for one in layers):
        return False
    return all(
        _applies(add, "Add", 3)
        and _is_relu6(relu)
        and (_applies(scale, "Multiply", 1 / 6) or _applies(scale, "Divide", 6))
        and add.marks.distinction == relu.marks.distinction == scale.marks.distinction
        for add, relu, scale in zip(*(one.calls for one in layers), strict=True)
    )


def _applies(call: Call, of_class: str, number: float) -> bool:
    """Whether it is an operation of that class, of its one tensor and that number."""
    if not call.is_operation or call.class_name != of_class:
        return False
    match call.constants:
        case (("x2" | "x1" as name, text),) if name == "x2" or of_class in {"Add", "Multiply"}:
            try:
                return abs(float(text) - number) < _NEAR
            except ValueError:
                return False
    return False


def _is_relu6(call: Call) -> bool:
    if call.is_operation:
        return call.class_name == "Relu6"
    config = call.config
    return (
        call.class_name == "ReLU"
        and config.get("max_value") == 6
        and not config.get("negative_slope")
        and not config.get("threshold")
    )
