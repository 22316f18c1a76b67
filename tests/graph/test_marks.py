"""What views note, and the marks of what stands for several."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.graph import UNMARKED, Amount, Change, Marks

ADDED, REMOVED = Marks(change=Change.ADDED), Marks(change=Change.REMOVED)


@pytest.mark.parametrize(
    ("several", "change"),
    [
        ([], None),
        ([UNMARKED], None),
        ([ADDED, ADDED], Change.ADDED),
        ([ADDED, REMOVED], Change.CHANGED),
        ([ADDED, UNMARKED], Change.CHANGED),
        ([Marks(change=Change.CHANGED)], Change.CHANGED),
    ],
)
def test_several_are_changed_unless_they_agree(several, change):
    assert Marks.of_all(several).change is change


def test_one_that_is_highlighted_highlights_all():
    assert Marks.of_all([UNMARKED, Marks(highlighted=True)]).highlighted
    assert not Marks.of_all([UNMARKED, ADDED]).highlighted


def test_operations_are_summed_and_a_part_that_is_unknown_makes_all_unknown():
    known, unknown = Marks(flops=Amount(5)), Marks(flops=Amount(2, complete=False))
    assert Marks.of_all([known, known]).flops == Amount(10)
    assert Marks.of_all([known, unknown]).flops == Amount(7, complete=False)
    assert Marks.of_all([known, UNMARKED]).flops == Amount(5)
    assert Marks.of_all([UNMARKED]).flops is None
    assert Amount.sum([]) == Amount(0)


def test_numbers_do_not_tell_calls_apart():
    assert Marks(flops=Amount(1)).distinction == UNMARKED.distinction
    assert (
        len({one.distinction for one in (UNMARKED, ADDED, REMOVED, Marks(highlighted=True))}) == 4
    )


def test_what_is_not_marked_is_false_nowhere():
    assert Marks() == UNMARKED
    assert hash(Marks()) == hash(UNMARKED)
