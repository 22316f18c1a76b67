"""What the options show of a call beside class, name and fact: one vocabulary for all boxes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.graph import SOURCES, Amount
from sphinxcontrib_kerasgraph.graph.configuration import field_of, size_text
from sphinxcontrib_kerasgraph.label.activations import activations
from sphinxcontrib_kerasgraph.label.alike import places_of
from sphinxcontrib_kerasgraph.label.differences import differences
from sphinxcontrib_kerasgraph.label.in_order import in_order
from sphinxcontrib_kerasgraph.label.shapes import first_outputs, merged_shape, shape_text
from sphinxcontrib_kerasgraph.label.tree import shortened
from sphinxcontrib_kerasgraph.wording import N_, UNITS, _, numbers, scaled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Call
    from sphinxcontrib_kerasgraph.label.alike import Place
    from sphinxcontrib_kerasgraph.options import LabelOptions

#: The longest value in a box.
_LONGEST = 96
#: Keys that are words of ours, not names of Keras's.
_KEYS = {
    N_("activation"),
    N_("recurrent activation"),
    N_("input"),
    N_("output"),
    N_("params"),
    N_("trainable"),
    N_("shared"),
    N_("inside"),
    N_("more"),
}


@dataclass(frozen=True)
class Detail:
    """One thing that is told of a call."""

    key: str
    #: Its values; several where a call has several tensors.
    lines: tuple[str, ...]
    #: As it is written where there is no key beside it, ``{}`` for the value.
    phrase: str = "{}"
    #: What is ordered by where a range is told; of several calls that is what each has.
    number: int | None = None

    @property
    def named(self) -> str:
        """The key in words."""
        return _(self.key) if self.key in _KEYS else self.key

    @property
    def values(self) -> tuple[str, ...]:
        """The lines in words, cut if long: numbers as the language writes them."""
        told = self.lines if self.number is None else map(numbers, self.lines)
        return tuple(shortened(one, _LONGEST) for one in told)

    def alone(self, *, each: bool = False) -> str:
        """The value where there is no key beside it; ``each`` if it is that of several calls."""
        said = self.phrase.format(", ".join(self.values))
        return _("{value} each", value=said) if each and self.number is not None else said


def details(call: Call, options: LabelOptions, arguments: Mapping[int, str]) -> list[Detail]:
    """What the options show of a call; ``arguments`` names the inputs that have a name."""
    found = []
    if options.show_layer_activations:
        if call.activation is not None:
            found.append(Detail("activation", (call.activation,)))
        found += [one for one in _activations(call, options) if one.key != "activation"]
    if options.show_shapes:
        if call.kind not in SOURCES and call.inputs:
            shapes = (
                f"{arguments[at]} {shape_text(tensor)}" if at in arguments else shape_text(tensor)
                for at, tensor in enumerate(call.inputs)
            )
            found.append(Detail("input", tuple(shapes)))
        if call.outputs:
            found.append(Detail("output", tuple(map(shape_text, call.outputs))))
    return found + _beside_shapes(call, options)


def short_details(calls: Sequence[Call], options: LabelOptions) -> list[str]:
    """The same in a few words, but for activations and shapes, of calls that are drawn as one row.

    Of several calls it is told where they differ, and that a number is that of each.
    """
    found = [_beside_shapes(call, options) for call in calls]
    told = [one.alone(each=len(calls) > 1) for one in merged(found, places_of(calls))]
    return told + [one.alone() for one in differing(calls, options)]


def short_activations(calls: Sequence[Call], options: LabelOptions) -> list[str]:
    """What calls that are drawn as one row apply to what they make, in a word or two each.

    Without the option, what isn't to be expected; where that differs, `differing` tells of it.
    """
    found = [_activations(call, options) for call in calls]
    if not options.show_layer_activations and any(one != found[0] for one in found):
        return []
    return [one.alone() for one in merged(found, places_of(calls))]


def differing(calls: Sequence[Call], options: LabelOptions) -> list[Detail]:
    """What differs of calls that are drawn as one, and that nothing else in the box tells."""
    shown = {
        "activation": options.show_layer_activations,
        "dtype": options.show_dtype,
        "trainable": options.show_trainable,
    }
    told = [name for name, wanted in shown.items() if wanted]
    found = differences(calls, [*told, *options.show_config])
    return [
        replace(one, phrase=_after(one.named))
        for one in (Detail(name, (text,)) for name, text in found.items())
    ]


def _after(name: str) -> str:
    """The phrase that tells a value after a name, which may be any text."""
    return name.replace("{", "{{").replace("}", "}}") + ": {}"


def short_shapes(calls: Sequence[Call], options: LabelOptions) -> list[str]:
    """The shape that they make, if it is to be shown."""
    if not options.show_shapes or not calls[0].outputs:
        return []
    return [merged_shape(first_outputs(calls))]


def _activations(call: Call, options: LabelOptions) -> list[Detail]:
    return [
        Detail(what, (name,), "{}" if what == "activation" else _("recurrent {}"))
        for what, name in activations(call, every=options.show_layer_activations)
    ]


def _beside_shapes(call: Call, options: LabelOptions) -> list[Detail]:
    found = []
    if options.show_dtype and call.outputs:
        dtypes = dict.fromkeys(tensor.dtype for tensor in call.outputs)
        policy = _policy(call)
        if policy not in {None, *dtypes}:
            dtypes[policy] = None
        found.append(Detail("dtype", (", ".join(dtypes),)))
    if options.show_params and call.parameters.total:
        total = call.parameters.total
        found.append(Detail("params", (f"{total:,}",), _("{} params"), total))
    amount = call.marks.flops
    if amount is not None and amount != Amount():
        found.append(Detail("FLOPs", (_amount(amount),), _("{} FLOPs"), amount.known))
    for name in options.show_config:
        value = field_of(call, name)
        if value is not None:
            found.append(Detail(name, (size_text(value),), _after(name)))
    if options.show_trainable and call.trainable is not None:
        word = _("yes") if call.trainable else _("no")
        found.append(Detail("trainable", (word,), _("trainable: {}")))
    return found


def merged(details_of_each: Sequence[list[Detail]], places: Sequence[Place]) -> list[Detail]:
    """The details of several calls in one: what differs is told in the order of their places.

    Of numbers of many the least and the most. A call that hasn't what another has, has none of it.
    """
    by_key = [{detail.key: detail for detail in each} for each in details_of_each]
    keys = dict.fromkeys(key for each in by_key for key in each)
    return [_merged([each.get(key) for each in by_key], places) for key in keys]


def _merged(details: Sequence[Detail | None], places: Sequence[Place]) -> Detail:
    first = next(detail for detail in details if detail is not None)
    none = _("none") if first.number is None else "0"
    nothing = replace(first, lines=(none,) * len(first.lines), number=0)
    every = [nothing if detail is None else detail for detail in details]
    if any(len(detail.lines) != len(first.lines) for detail in every):
        return first
    lines = []
    for texts in zip(*(detail.lines for detail in every), strict=True):
        otherwise = None
        if first.number is not None:
            ordered = sorted(range(len(texts)), key=lambda at: every[at].number or 0)
            otherwise = f"{texts[ordered[0]]} … {texts[ordered[-1]]}"
        lines.append(in_order(texts, places, otherwise=otherwise))
    return replace(first, lines=tuple(lines))


def amount_text(amount: Amount) -> str:
    """``7.75 G``; ``7.75 G + unknown``; ``unknown``: in the words of the language."""
    return numbers(_amount(amount))


def _amount(amount: Amount) -> str:
    """The same with the number as Python writes it."""
    if not amount.known:
        return "0" if amount.complete else _("unknown")
    number, power = scaled(amount.known)
    text = f"{number:,.12g} {UNITS[power]}".rstrip()
    return text if amount.complete else _("{amount} + unknown", amount=text)


def _policy(call: Call) -> Any:
    """The name of the layer's dtype policy: ``mixed_float16``, ``int8_from_float32``."""
    match call.config.get("dtype"):
        case {"config": {"name": str() as name}} | str(name):
            return name
        case {"config": {"mode": mode, "source_name": source}}:  # a quantized layer
            return f"{mode}_from_{source}"
    return None
