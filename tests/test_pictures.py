"""Pictures are drawn once, without Sphinx, and kept."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace

import pytest

from make_graphs import model
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.draw.hooks import Hooks
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.pictures import Pictures
from sphinxcontrib_kerasgraph.settings import InsideOptions
from sphinxcontrib_kerasgraph.store import Store

GRAPH = model("x InputLayer\ny Dense <- x\n-> y")
PAGE = (451, 642)


class Counting(Graphviz):
    """Counts what it draws."""

    drawn = 0

    def render(self, code, image_format, boxes=()):
        self.drawn += 1
        return super().render(code, image_format, boxes)


@pytest.fixture
def pictures(dot, tmp_path):
    def make(folder="images", dot=dot, store="store", image_format="svg", page=PAGE):
        graphviz = Counting(dot)
        kept = Store(tmp_path / store)
        return Pictures(graphviz, image_format, tmp_path / folder, page, kept), graphviz

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


# Formats


def test_a_bitmap_has_a_map_and_no_size(pictures, compiled_dot, tmp_path):
    picture = draw(pictures(dot=compiled_dot, image_format="png")[0])
    assert tmp_path.joinpath("images", picture.image.name).read_bytes().startswith(b"\x89PNG")
    assert picture.image.image_map.startswith("<map")
    assert (picture.image.width, picture.image.height, picture.scale) == (0, 0, 1)


def test_a_pdf_tells_how_far_it_is_shrunk(pictures, compiled_dot, tmp_path):
    picture = draw(pictures(dot=compiled_dot, image_format="pdf")[0])
    assert tmp_path.joinpath("images", picture.image.name).read_bytes().startswith(b"%PDF")
    assert picture.scale == 1
    small, _ = pictures(dot=compiled_dot, image_format="pdf", page=(20, 20))
    assert 0 < draw(small).scale < 1


def test_dpi_is_of_bitmaps_alone(pictures, compiled_dot):
    options = DrawOptions.of(dpi=300)
    for image_format, has in (("png", True), ("svg", False)):
        made, _ = pictures(dot=compiled_dot, image_format=image_format)
        assert ("dpi=300" in made.draw(GRAPH, "key", options, 1).code) == has


# What decides a picture


def test_what_decides_a_picture_is_in_its_key(pictures, tmp_path):
    made, _ = pictures()
    key = made.key("key", DrawOptions(), 1)
    assert made.key("key", DrawOptions(), 1) == key
    assert made.key("other", DrawOptions(), 1) != key
    assert made.key("key", DrawOptions.of(rankdir="LR"), 1) != key
    assert pictures(image_format="png")[0].key("key", DrawOptions(), 1) != key


def test_the_page_decides_where_a_picture_is_to_fit_it_alone(pictures):
    made, other = (pictures(page=page)[0] for page in (PAGE, (100, 100)))
    for fit, differs in (("page", True), ("auto", False), ("column", False), ("none", False)):
        options = DrawOptions.of(fit=fit)
        keys = {
            made.key("key", options, 1), other.key("key", options, 1), made.key("key", options, 0.5)
        }  # fmt: skip
        assert len(keys) == (3 if differs else 1)


# What was kept


def test_damaged_pictures_are_drawn_again(pictures, tmp_path):
    made, _ = pictures()
    picture = draw(made)
    key = made.key("key", DrawOptions(), 1)
    good = Store(tmp_path / "store").get("drawings", key)
    head, _, data = good.partition(b"\n")
    name = picture.image.name.encode()
    for at, odd in enumerate(
        [
            b"", b"\n", b"{}\n" + data, b"[]\n" + data, head, head + b"\n", b"\xff\n" + data,
            head.replace(name, b"../outside.svg") + b"\n" + data,
            head.replace(b'"unmet": []', b'"unmet": [1]') + b"\n" + data,
            head.replace(b'"scale"', b'"other"') + b"\n" + data,
        ]
    ):  # fmt: skip
        Store(tmp_path / "store").put("drawings", key, odd)
        again, graphviz = pictures(f"again{at}")
        assert draw(again) == picture
        assert graphviz.drawn == 1, odd
    assert not tmp_path.joinpath("outside.svg").exists()


def test_what_the_options_ask_for_in_vain_is_kept(pictures):
    options = DrawOptions.of(hide="nobody")
    for _ in range(2):
        picture = pictures()[0].draw(GRAPH, "key", options, 1)
        assert [(one.option, one.asked) for one in picture.unmet] == [("hide", "nobody")]


def test_complaints_are_told_each_time(pictures, dot, tmp_path):
    script = tmp_path / "complaining"
    script.write_text(f"#!/bin/sh\necho 'Warning: odd' >&2; exec {dot} \"$@\"\n")
    script.chmod(0o755)
    for _ in range(2):
        made, graphviz = pictures(dot=str(script))
        picture = draw(made)
        assert picture.image.complaints == "Warning: odd"
        assert graphviz.drawn == 1
        assert tmp_path.joinpath("images", picture.image.name).is_file()


def test_an_image_that_cannot_be_written_is_an_error(pictures, tmp_path):
    tmp_path.joinpath("images").write_text("a file")
    with pytest.raises(OSError, match="images"):
        draw(pictures()[0])


BLOCKS = model("""
    x InputLayer
    first Block <- x
        dense Dense <- ^
        -> dense
    second Block <- first
        dense_1 Dense <- ^
        -> dense_1
    third Block <- second
        relu ReLU <- ^
        -> relu
    -> third
""")
FIGURES = InsideOptions(inside_figures="all")


def links_of(picture):
    text = picture.explorable.svg if picture.explorable else picture.image.image_map
    spots = {spot.target for spot in picture.image.spots}
    return spots or set(re.findall('kerasgraph:([^"]*)"', text))


class Failing(Counting):
    """Fails with the inside of a block."""

    def render(self, code, image_format, boxes=()):
        if "ReLU" in code:
            raise Fault("graphviz", "dot fell over.")
        return super().render(code, image_format, boxes)


class Odd(Counting):
    """Draws the inside of a block in another way."""

    def render(self, code, image_format, boxes=()):
        rendered = super().render(code, image_format, boxes)
        return replace(rendered, content=b"<svg/>") if "ReLU" in code else rendered


def test_insides_are_figures_where_they_are_asked_for(pictures, tmp_path):
    made, _ = pictures()
    assert made.draw(BLOCKS, "blocks", DrawOptions(), 1).insides == ()
    picture = made.draw(BLOCKS, "blocks", DrawOptions(), 1, FIGURES)
    assert [one.paths for one in picture.insides] == [("first", "second"), ("third",)]
    assert {one.class_name for one in picture.insides} == {"Block"}
    names = {path.name for path in tmp_path.joinpath("images").iterdir()}
    assert names == {image.name for image in picture.images}
    assert len(names) == 3


@pytest.mark.parametrize("image_format", ["svg", "png", "pdf"])
def test_blocks_lead_to_the_figures_of_their_insides(pictures, image_format):
    made, _ = pictures(image_format=image_format)
    picture = made.draw(BLOCKS, "blocks", DrawOptions(), 1, FIGURES)
    assert links_of(picture) == {"keras.layers.InputLayer", "#first", "#third"}
    assert [links_of(one.picture) for one in picture.insides] == [
        {"keras.layers.Dense"},
        {"keras.layers.ReLU"},
    ]
    assert "keras.layers.Block" in links_of(made.draw(BLOCKS, "blocks", DrawOptions(), 1))


def test_they_are_kept_for_the_next_time(pictures, tmp_path):
    picture = pictures()[0].draw(BLOCKS, "blocks", DrawOptions(), 1, FIGURES)
    again, graphviz = pictures("others")
    assert again.draw(BLOCKS, "blocks", DrawOptions(), 1, FIGURES) == picture
    assert graphviz.drawn == 0
    made, others = (tmp_path / name for name in ("images", "others"))
    assert {path.name: path.read_bytes() for path in made.iterdir()} == {
        path.name: path.read_bytes() for path in others.iterdir()
    }


@pytest.mark.parametrize("insides", [InsideOptions(insides="none"), InsideOptions(insides=1)])
def test_how_many_levels_are_opened_decides_an_svg_and_no_other_picture(pictures, insides):
    for image_format, differs in (("svg", True), ("pdf", False), ("png", False)):
        made, _ = pictures(image_format=image_format)
        keys = {made.key("key", DrawOptions(), 1, one) for one in (InsideOptions(), insides)}
        assert (len(keys) == 2) is differs


@pytest.mark.parametrize(
    ("graphviz", "said"), [(Failing, "dot fell over"), (Odd, "there is no graph")]
)
def test_a_fault_in_an_inside_does_not_cost_the_picture(pictures, dot, tmp_path, graphviz, said):
    store = Store(tmp_path / "store")
    made = Pictures(graphviz(dot), "svg", tmp_path / "images", PAGE, store)
    picture = made.draw(BLOCKS, "blocks", DrawOptions(), 1)
    assert "'third'" in picture.lacking
    assert said in picture.lacking
    calls = json.loads(picture.explorable.data)["calls"]
    assert [call["path"] for call in calls if "inside" in call] == ["first", "second"]
    # It is tried again, and told of again, at the next build.
    again, graphviz = pictures()
    assert again.draw(BLOCKS, "blocks", DrawOptions(), 1).lacking == ""
    assert graphviz.drawn


def test_what_dot_is_told_to_draw_otherwise_is_but_an_image(compiled_dot, tmp_path):
    """A page has fonts of its own."""
    graphviz = Graphviz(compiled_dot, ["-Nfontname=Courier"])
    picture = draw(Pictures(graphviz, "svg", tmp_path, PAGE, Store(tmp_path / "store")))
    assert picture.explorable is None
    assert "Courier" in picture.lacking
    assert tmp_path.joinpath(picture.image.name).is_file()


def test_a_listener_is_called_by_one_thread(dot, tmp_path):
    called = []

    def scene(made):
        called.append((made, threading.get_ident()))
        return made

    class Listening:
        def hooks(self, graph):
            return Hooks(scene)

    kept = Store(tmp_path / "store")
    made = Pictures(Graphviz(dot), "svg", tmp_path, PAGE, kept, listener=Listening())
    made.draw(BLOCKS, "key", DrawOptions(), 1)
    assert len(called) > 2
    assert {thread for _, thread in called} == {threading.get_ident()}
