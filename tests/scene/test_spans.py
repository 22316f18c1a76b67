"""How far lines go, and which are too long for Graphviz."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from make_graphs import random_models
from make_scenes import scene
from sphinxcontrib_kerasgraph.scene.layout import Layout, Line, arrange
from sphinxcontrib_kerasgraph.scene.spans import lines_of, passed_by, too_long

CHAIN = "x InputLayer\na Dense <- x\nb Dense <- a\nc Dense <- b\ns Add <- c, x\nt Add <- s, a\n-> t"


def test_a_line_passes_by_the_ranks_between_its_ends():
    passed = passed_by(arrange(scene(CHAIN, view="full"), Layout()))
    assert passed == {
        Line("x", "a"): 0,
        Line("a", "b"): 0,
        Line("b", "c"): 0,
        Line("c", "s"): 0,
        Line("x", "s"): 3,
        Line("s", "t"): 0,
        Line("a", "t"): 3,
    }


def test_the_longest_are_left_out_until_the_others_are_few_enough():
    passed = {Line("a", "b"): 5, Line("a", "c"): 3, Line("a", "d"): 1, Line("a", "e"): 0}
    assert too_long(passed, 9) == set()
    assert too_long(passed, 8) == too_long(passed, 4) == {Line("a", "b")}
    assert too_long(passed, 0) == {Line("a", "b"), Line("a", "c"), Line("a", "d")}


def test_what_recurs_leads_back_and_passes_by_nothing():
    text = "x InputLayer\nl While <- x\n    a Dense <- ^, ~b\n    b Dense <- a\n    -> b\n-> l"
    arranged = arrange(scene(text, view="full", depth="all"), Layout())
    assert Line("l/b", "l/a", recurrent=True) in set(lines_of(arranged))
    assert not any(line.recurrent for line in passed_by(arranged))


@tried(40)
@given(random_models(), st.integers(0, 30))
def test_of_any_scene_all_lines_are_known(graph, most):
    arranged = arrange(scene(graph, view="full", depth="all"), Layout())
    passed = passed_by(arranged)
    assert set(passed) == {line for line in lines_of(arranged) if not line.recurrent}
    left = too_long(passed, most)
    assert sum(passed[line] for line in passed if line not in left) <= most
