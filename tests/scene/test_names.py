"""Names of boxes are safe in any language, and each there once."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from make_labels import ANY_TEXT
from sphinxcontrib_kerasgraph.scene.names import Names, safe


def test_what_needs_care_is_replaced():
    assert safe('a b:c"d\\e<f>') == "a_b_c_d_e_f_"
    assert safe("block/größe_1.#2~3-4") == "block/größe_1.#2~3-4"


def test_two_that_would_be_the_same_are_told_apart():
    names = Names()
    assert [names[path] for path in ("a b", "a_b", "a:b", "a_b~2")] == [
        "a_b", "a_b~2", "a_b~3", "a_b~2~2",
    ]  # fmt: skip
    assert names["a:b"] == "a_b~3"  # as before


def test_names_that_are_taken_are_not_given_again():
    names = Names(taken=["//1_out", "//1_out~2"])
    assert names["//1 out"] == "//1_out~3"


def test_a_prefix_stands_before_all():
    names = Names("net/")
    assert (names["a"], names["a b"]) == ("net/a", "net/a_b")


@tried(150)
@given(st.lists(ANY_TEXT, unique=True), st.lists(ANY_TEXT))
def test_each_name_is_there_once_and_safe(paths, taken):
    names = Names(taken=taken)
    given_ = [names[path] for path in paths]
    assert len(set(given_)) == len(paths)
    assert set(given_).isdisjoint(taken)
    assert not any(re.search(r"[^\w/.#~-]", name) for name in given_)
