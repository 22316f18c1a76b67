"""The columns of a table of layers: what each tells of a row, as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import Amount
from sphinxcontrib_kerasgraph.graph.configuration import configured, value_text
from sphinxcontrib_kerasgraph.label.alike import places_of
from sphinxcontrib_kerasgraph.label.details import amount_text
from sphinxcontrib_kerasgraph.label.facts import merged_facts
from sphinxcontrib_kerasgraph.label.in_order import in_order
from sphinxcontrib_kerasgraph.label.shapes import first_outputs, merged_shape, shapes_text
from sphinxcontrib_kerasgraph.summary.rows import walk
from sphinxcontrib_kerasgraph.wording import N_, _, count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sphinxcontrib_kerasgraph.graph import Call
    from sphinxcontrib_kerasgraph.summary.rows import Row


@dataclass(frozen=True)
class Column:
    """What a column is called, and what it tells."""

    #: As it is asked for on a page; any that isn't of ours is of the layers' configuration.
    name: str
    head: str
    text: Callable[[Row], str]
    #: Whether it holds numbers, which end below each other.
    is_number: bool = False
    #: Whether what it tells is the name or the class, which lead to where the class is documented.
    is_linked: bool = False
    #: Whether what it tells is known without its head.
    tells_itself: bool = False


def column(name: str) -> Column:
    """The column of that name."""
    return _KNOWN.get(name) or Column(name, name, lambda row: _configured(row, name))


def default_columns(rows: Sequence[Row], *, told_alone: bool = False) -> tuple[Column, ...]:
    """Those of Keras's own summary: what a layer takes is told where the model is no chain.

    With what layers are configured with where the table is all that is told of the model.
    """
    names = ["name", "class", *["configuration"] * told_alone, "shape", "params"]
    if any(not _is_chain(beside) for beside in _levels(rows)):
        names.append("connected")
    return tuple(map(column, names))


def lacking(columns: Iterable[Column], rows: Sequence[Row]) -> list[str]:
    """The names of the columns that no call has in its configuration."""
    return [
        one.name
        for one in columns
        if one.name not in _KNOWN and not any(one.text(row) for __, row in walk(rows))
    ]


def _levels(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    yield rows
    for row in rows:
        if row.inside:
            yield from _levels(row.inside)


def _is_chain(rows: Sequence[Row]) -> bool:
    return all(
        [source.at for source in row.sources] == ([at - 1] if at else [])
        for at, row in enumerate(rows)
    )


def _class(row: Row) -> str:
    return "" if row.is_repetition else row.call.class_name


def _configuration(row: Row) -> str:
    return "" if row.is_repetition else merged_facts(row.calls)


def _shape(row: Row) -> str:
    texts = {shapes_text(call.outputs) for call in row.calls}
    return texts.pop() if len(texts) == 1 else merged_shape(first_outputs(row.calls))


def _dtype(row: Row) -> str:
    if row.is_repetition:
        return ""
    each = (dict.fromkeys(tensor.dtype for tensor in call.outputs) for call in row.calls)
    return _in_order([", ".join(dtypes) for dtypes in each], row)


def _params(row: Row) -> str:
    if row.shares:
        return _("shared")
    if row.is_repetition:
        return count(row.weights)
    return _numbers(row.parameters)


def _trainable(row: Row) -> str:
    words = {True: _("yes"), False: _("no"), None: ""}
    return _in_order([words[call.trainable] for call in row.calls], row)


def _flops(row: Row) -> str:
    amounts = [call.marks.flops or Amount() for call in row.calls]
    one = amounts[0]
    if len({*amounts}) == 1 and one.known and one.complete and not row.is_repetition:
        return _times(len(amounts), amount_text(one))
    return amount_text(Amount.sum(amounts))


def _connected(row: Row) -> str:
    return ", ".join(
        _("{name} (of the step before)", name=source.name) if source.recurrent else source.name
        for source in row.sources
    )


def _configured(row: Row, name: str) -> str:
    if row.is_repetition:
        return ""
    return _in_order([_value(call, name) for call in row.calls], row)


def _value(call: Call, name: str) -> str:
    value = configured(call).get(name)
    return "" if value is None else value_text(value)


def _in_order(texts: Sequence[str], row: Row) -> str:
    return in_order(texts, places_of(row.calls)) if any(texts) else ""


def _numbers(numbers: Sequence[int]) -> str:
    """A number for each: ``3 × 1,024``; their sum where they differ."""
    if len({*numbers}) == 1 and numbers[0]:
        return _times(len(numbers), count(numbers[0]))
    return count(sum(numbers))


def _times(times: int, text: str) -> str:
    return text if times == 1 else f"{count(times)} × {text}"


_KNOWN = {
    one.name: one
    for one in (
        Column("name", N_("Layer"), lambda row: row.title, is_linked=True),
        Column("class", N_("Class"), _class, is_linked=True, tells_itself=True),
        Column("configuration", N_("Configuration"), _configuration, tells_itself=True),
        Column("shape", N_("Output shape"), _shape, tells_itself=True),
        Column("dtype", N_("Dtype"), _dtype),
        Column("params", N_("Parameters"), _params, is_number=True),
        Column("trainable", N_("Trainable"), _trainable),
        Column("flops", N_("FLOPs"), _flops, is_number=True),
        Column("connected", N_("Connected to"), _connected),
    )
}
#: The columns that aren't of a configuration.
KNOWN = tuple(_KNOWN)
