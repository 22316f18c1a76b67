"""Pictures are drawn once, without Sphinx, and kept."""

from __future__ import annotations

import pytest

from make_graphs import model
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.draw.pictures import Pictures
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.store import Store

GRAPH = model("x InputLayer\ny Dense <- x\n-> y")
PAGE = (451, 642)


class Counting(Graphviz):
    """Counts what it draws."""

    drawn = 0

    def render(self, code, image_format):
        self.drawn += 1
        return super().render(code, image_format)


@pytest.fixture
def pictures(dot, tmp_path):
    def make(folder="images", dot=dot, store="store"):
        graphviz = Counting(dot)
        return Pictures(graphviz, "svg", tmp_path / folder, PAGE, Store(tmp_path / store)), graphviz

    return make


def draw(pictures):
    return pictures.draw(GRAPH, "key", DrawOptions(), 1)


def test_a_picture_is_drawn_once(pictures, tmp_path):
    made, graphviz = pictures()
    picture = draw(made)
    assert draw(made) is picture
    assert graphviz.drawn == 1
    [path] = tmp_path.joinpath("images").iterdir()
    assert path.name == picture.image.name
    assert (picture.image.width, picture.image.height) > (20, 20)
    assert "digraph" in picture.code


def test_it_is_kept_for_the_next_time(pictures, tmp_path):
    picture = draw(pictures()[0])
    again, graphviz = pictures("others")
    assert draw(again) == picture
    assert graphviz.drawn == 0
    assert [path.read_bytes() for path in tmp_path.joinpath("others").iterdir()] == [
        path.read_bytes() for path in tmp_path.joinpath("images").iterdir()
    ]


def test_an_image_that_is_there_is_not_drawn_again(pictures):
    picture = draw(pictures()[0])
    again, graphviz = pictures(store="other")
    assert draw(again) == picture
    assert graphviz.drawn == 0


def test_a_fault_is_told_each_time(pictures):
    made, _ = pictures(dot="no-such-dot")
    for _ in range(2):
        with pytest.raises(Fault, match="was not found"):
            draw(made)


def test_what_another_process_drew_is_taken_over(pictures):
    picture = draw(pictures()[0])
    made, graphviz = pictures("others", store="other")
    made.remember(made.key("key", DrawOptions(), 1), picture)
    assert draw(made) is picture
    assert graphviz.drawn == 0
