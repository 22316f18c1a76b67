"""What is marked in a new drawing, and said of it."""

from __future__ import annotations

import pytest

from make_graphs import model
from sphinxcontrib_kerasgraph.compare import compared
from sphinxcontrib_kerasgraph.serve.changes import changes_of

BEFORE = """
x InputLayer
one Dense/8 <- x
two Dense/9 <- one
block Block <- two
    deep Conv2D/3 <- ^
    -> deep
-> block
"""


def changes(after, before=BEFORE):
    return changes_of(compared(model(before), model(after)))


def test_nothing_is_marked_of_the_same_model():
    found = changes(BEFORE)
    assert (found.added, found.changed) == ((), ())
    assert found.words == "The model is the same."


def test_what_is_added_and_changed_is_marked_and_told():
    after = BEFORE.replace("two Dense/9 <- one", "drop Dropout <- one\ntwo Dense/7 <- drop")
    found = changes(after)
    assert found.added == ("drop",)
    assert found.changed == ("two",)
    assert found.words.startswith("1 added, 1 changed: ")
    assert "Dropout drop" in found.words


def test_what_changes_inside_is_told_by_its_path():
    assert changes(BEFORE.replace("Conv2D/3", "Conv2D/5")).changed == ("block/deep",)


def test_what_is_removed_is_told_in_words():
    after = BEFORE.replace("two Dense/9 <- one\n", "").replace("<- two", "<- one")
    found = changes(after)
    assert found.added == ()
    assert "1 removed" in found.words
    assert "removed Dense two" in found.words


def test_where_a_tensor_goes_now_is_marked():
    before = "x InputLayer\na Dense/1 <- x\nb Dense/2 <- a\nc Add <- b, a\n-> c"
    assert "c" in changes(before.replace("<- b, a", "<- b, x"), before).changed


@pytest.mark.parametrize("number", [3, 4, 30])
def test_of_many_some_are_told(number):
    layers = "".join(
        f"new{at} Dropout <- {f'new{at - 1}' if at else 'x'}\n" for at in range(number)
    )
    after = BEFORE.replace("one Dense/8 <- x", f"{layers}one Dense/8 <- new{number - 1}")
    said = changes(after).words
    assert said.startswith(f"{number} added: ")
    assert said.endswith(f"; and {number - 3} more." if number > 3 else ".")
