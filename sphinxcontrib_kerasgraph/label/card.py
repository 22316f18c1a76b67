"""All that is known of a call, as pairs of texts: what a panel beside the drawing shows."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph.configuration import own_config, value_text
from sphinxcontrib_kerasgraph.label.facts import key_fact
from sphinxcontrib_kerasgraph.label.text import tensor_text
from sphinxcontrib_kerasgraph.printable import printable
from sphinxcontrib_kerasgraph.wording import N_, _, count, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, Tensor

#: The longest value of a configuration that is told.
_LONGEST = 120
#: So many calls of a layer are told.
_MOST_CALLS = 12


def card(
    call: Call, arguments: Sequence[str | None] = (), alike: Sequence[str] = ()
) -> tuple[tuple[str, str], ...]:
    """What is to be known of a call, path aside; empty texts are left out.

    The keys are English, for the script, which shows them in the language of the documentation.

    ``arguments`` name its inputs; ``alike`` are the paths of all calls of its layer, if there are
    several.
    """
    told = [(key, value) for key, value in _rows(call, arguments, alike) if value]
    if call.before is not None:
        now = dict(told)
        was = {key: value for key, value in _rows(call.before, arguments, alike) if value}
        told = [(key, _becomes(was.get(key), now.get(key))) for key in {**now, **was}]
    if call.marks.told is not None:
        told.insert(0, (N_("Change"), call.marks.told.words))
    return tuple(told)


def _becomes(was: str | None, now: str | None) -> str:
    """What was and what is, if these are two."""
    was, now = was or _("none"), now or _("none")
    if was == now:
        return now
    between = "\n→ " if "\n" in was + now or "→" in was + now else " → "
    return f"{was}{between}{now}"


def _rows(
    call: Call, arguments: Sequence[str | None], alike: Sequence[str]
) -> Iterator[tuple[str, str]]:
    yield N_("Class"), f"{call.module}.{call.qualname}" if call.module else ""
    yield N_("Summary"), key_fact(call)
    yield N_("Attribute"), f"self.{call.attribute}" if call.attribute else ""
    yield N_("Input"), _tensors(call.inputs, arguments)
    yield N_("Output"), _tensors(call.outputs, call.output_names)
    yield from _parameters(call)
    if call.activation != "linear":
        yield N_("Activation"), call.activation or ""
    yield from call.constants
    yield from _settings(call)
    yield N_("Calls of the layer"), _listed(alike)
    yield N_("Not opened"), call.opaque or ""


def _tensors(tensors: Sequence[Tensor], names: Sequence[str | None]) -> str:
    each = zip_longest(tensors, names[: len(tensors)])
    return "\n".join(tensor_text(tensor, name) for tensor, name in each)


def _listed(paths: Sequence[str]) -> str:
    more = len(paths) - _MOST_CALLS
    return "\n".join(
        [
            *paths[:_MOST_CALLS],
            *[ngettext("and {number} more", "and {number} more", more)] * (more > 0),
        ]
    )


def _parameters(call: Call) -> Iterator[tuple[str, str]]:
    numbers = call.parameters
    if not numbers.total:
        return
    said = count(numbers.total)
    if 0 < numbers.own < numbers.total:
        said = _("{total}, {own} of its own", total=said, own=count(numbers.own))
    yield N_("Parameters"), said
    if 0 < numbers.trainable < numbers.total:
        yield N_("Trainable"), _("{number} of them", number=count(numbers.trainable))
    else:
        yield N_("Trainable"), _("yes") if numbers.trainable else _("no")


def _settings(call: Call) -> Iterator[tuple[str, str]]:
    """The configuration that isn't the default's; all that is anything, where that isn't known.

    Operations tell as constants what they were made with.
    """
    if call.is_operation:
        return
    # Snapshots keep entries in an order of their own.
    for name, value in sorted(own_config(call).items()):
        if name == "activation" and call.activation is not None:
            continue
        if value is not None if call.chosen is None else name in call.chosen:
            text = value_text(value)
            yield printable(name), text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
