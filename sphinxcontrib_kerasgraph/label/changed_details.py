"""What options show of calls that are drawn as one, with what that was where it changed."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallKind
from sphinxcontrib_kerasgraph.label.alike import places_of
from sphinxcontrib_kerasgraph.label.changes import befores, was_and_is
from sphinxcontrib_kerasgraph.label.details import (
    details,
    differing,
    merged,
    short_activations,
    short_details,
    short_shapes,
)
from sphinxcontrib_kerasgraph.label.differences import other_values
from sphinxcontrib_kerasgraph.label.tree import Cell, Role, Row, Text, cell
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Call
    from sphinxcontrib_kerasgraph.label.details import Detail
    from sphinxcontrib_kerasgraph.label.tree import Line
    from sphinxcontrib_kerasgraph.options import LabelOptions


def activation_texts(calls: Sequence[Call], options: LabelOptions) -> list[Text]:
    """What they apply to what they make."""
    was, now = (short_activations(one, options) for one in (befores(calls), calls))
    return was_and_is(was, now, Role.BESIDE, kind=CallKind.ACTIVATION)


def shape_texts(calls: Sequence[Call], options: LabelOptions) -> list[Text]:
    """The shape that they make, if it is to be shown."""
    was, now = (short_shapes(one, options) for one in (befores(calls), calls))
    return was_and_is(was, now, Role.FACT)


def detail_texts(calls: Sequence[Call], options: LabelOptions) -> list[Text]:
    """All else in a few words, and what changed of which nothing else tells."""
    was, now = (short_details(one, options) for one in (befores(calls), calls))
    texts = was_and_is(was, now, Role.FACT)
    for name, values in _values(calls, options):
        texts += [Text(f"{name}:", Role.FACT), *was_and_is(*values, Role.FACT, gap=1)]
    return texts


def detail_rows(
    calls: Sequence[Call], options: LabelOptions, arguments: Mapping[int, str]
) -> Iterator[Row]:
    """The same in full, a row each; ``arguments`` names the inputs that have a name."""
    was, now = (
        {
            one.key: one
            for one in merged([details(call, options, arguments) for call in some], places_of(some))
        }
        for some in (befores(calls), calls)
    )
    for key in {**now, **was}:
        old, new = was.get(key), now.get(key)
        named = (new or old).named  # type: ignore[union-attr]  # one of both is there
        lines = (_lines(one, each=len(calls) > 1) for one in (old, new))
        yield Row((cell(Text(named, Role.KEY)), Cell(tuple(_changed(*lines)))))
    for one in differing(calls, options):
        yield Row((cell(Text(one.named, Role.KEY)), Cell(tuple(_changed(one.values, one.values)))))
    for name, values in _values(calls, options):
        yield Row((cell(Text(name, Role.KEY)), Cell(tuple(_changed(*values)))))


def told_beside(options: LabelOptions) -> list[str]:
    """The entries of configurations of which something else tells, with what they were."""
    shown = {
        "activation": True,
        "recurrent_activation": True,
        "dtype": options.show_dtype,
        "trainable": options.show_trainable,
    }
    return [name for name, is_shown in shown.items() if is_shown]


def _values(
    calls: Sequence[Call], options: LabelOptions
) -> Iterator[tuple[str, tuple[tuple[str, ...], tuple[str, ...]]]]:
    """What else changed in the configuration: the name, the value that was, and that which is."""
    found = other_values(calls, befores(calls), told_beside(options))
    for name, (was, now) in found.items():
        yield name, ((was,), (now,))


def _lines(detail: Detail | None, *, each: bool) -> Sequence[str]:
    if detail is None:
        return ()
    if each and detail.number is not None:
        return [_("{value} each", value=line) for line in detail.values]
    return detail.values


def _changed(was: Sequence[str], now: Sequence[str]) -> Iterator[Line]:
    for before, after in zip_longest(was, now, fillvalue=""):
        yield tuple(was_and_is([before], [after], Role.VALUE, gap=1))
