"""What differs between two models in a line, in numbers, and in rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compared_models import OLD, same, sized, two
from edit_graphs import configured
from make_graphs import model
from sphinxcontrib_kerasgraph.diff import ModelDiff
from sphinxcontrib_kerasgraph.diff.totals import Quantity, Total
from sphinxcontrib_kerasgraph.graph import Amount

SPACE = "\N{NO-BREAK SPACE}"


def test_line_counts_calls_and_tells_totals_that_changed():
    counts, parameters, *others = two().headline.split(" · ")
    assert counts == "1 added, 1 removed, 1 changed"
    assert parameters == f"parameters 1{SPACE}k → 1.5{SPACE}k (+50{SPACE}%)"
    assert [one.split()[0] for one in others] == ["FLOPs", "memory"]


def test_line_says_that_nothing_differs():
    assert same().headline == "No differences"


def test_line_says_that_totals_are_as_before():
    diff = ModelDiff.of(model(OLD), configured(model(OLD), "conv", size="64"))
    assert diff.headline == "1 changed · parameters, FLOPs and memory unchanged"


def test_call_is_counted_once_and_the_name_of_the_model_never():
    new = configured(configured(model(OLD), "conv", size="64"), "conv", strides=2)
    assert ModelDiff.of(model(OLD), replace(new, name="other")).counts.text == "1 changed"
    assert ModelDiff.of(model(OLD), replace(model(OLD), name="other")).counts.text == "another name"


def test_connection_that_goes_elsewhere_is_counted():
    diff = ModelDiff.of(
        model("x InputLayer\na Dense <- x\nb Dense <- a\nsum Add <- b, x\n-> sum"),
        model("x InputLayer\na Dense <- x\nb Dense <- a\nsum Add <- b, a\n-> sum"),
    )
    assert "connection" in diff.counts.text
    assert {row.what for row in diff.rows} == {"wired"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (100, 174, "+74 %"),
        (100, 50, "−50 %"),
        (1000, 1015, "+1.5 %"),
        (1_000_000, 1_000_012, "+12"),
        (100, 1_100, "+1,000 %"),
        (100, 12_300, "×123"),
        (10, 1_301_022_710, "×130,102,271"),
        (289_000, 1_220, "−99.5 %"),
        (1_000_000_000, 1, "−99.9 %"),
        (100, 0, "−100 %"),
        (0, 12, "+12"),
        (5, 5, ""),
    ],
)
def test_change_is_told_in_percent_or_in_numbers_where_it_is_small(before, after, said):
    total = Total(Quantity.PARAMETERS, Amount(before), Amount(after))
    assert total.change.replace(SPACE, " ") == said


def test_change_between_amounts_that_read_alike_is_told_in_numbers():
    total = Total(Quantity.FLOPS, Amount(13_064), Amount(13_000))
    assert total.in_short.replace(SPACE, " ") == "13.1 k → 13 k (−0.49 %)"
    total = Total(Quantity.FLOPS, Amount(13_040), Amount(13_000))
    assert total.in_short.replace(SPACE, " ") == "13 k → 13 k (−40)"


def test_what_is_not_known_in_full_has_no_change():
    total = Total(Quantity.FLOPS, Amount(5), Amount(9, complete=False))
    assert total.change == ""
    assert total.text(total.after) == "9 + unknown"


def test_memory_of_unknown_dtypes_is_unknown():
    diff = ModelDiff.of(sized(OLD, 1000), sized(OLD, 1000, odd=1000))
    [memory] = (one for one in diff.totals if one.quantity is Quantity.MEMORY)
    assert [memory.text(one) for one in (memory.before, memory.after)] == ["3.91 KB", "unknown"]


def test_rows_tell_what_was_and_what_is():
    rows = {row.call: (row.sign, *row.cells[1:]) for row in two().rows}
    assert rows == {
        "conv": ("±", "size", "32", "64"),
        "norm": ("−", "BatchNormalization, after conv", "", ""),
        "drop": ("+", "Dropout, after relu", "", ""),
    }


def test_each_row_has_its_line():
    diff = two()
    assert len(diff.rows) == len(diff.lines)
    assert all(row.call in said for row, said in zip(diff.rows, diff.lines, strict=True))


def test_row_of_what_moved_tells_where_it_was_and_is():
    diff = ModelDiff.of(
        model("x InputLayer\na Dense <- x\nn BatchNormalization <- a\nr ReLU <- n\n-> r"),
        model("x InputLayer\na Dense <- x\nr ReLU <- a\nn BatchNormalization <- r\n-> n"),
    )
    [row] = diff.rows
    assert diff.counts.text == "1 moved"
    assert row.sign == "⇄"
    assert {row.cells[2], row.cells[3]} in ({"after a", "after r"}, {"after n", "after a"})
