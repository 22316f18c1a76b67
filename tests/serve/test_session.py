"""Builds follow the file, whatever it says; without Keras, Graphviz and a browser."""

from __future__ import annotations

import pytest

from live_model import following, until
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.serve import session as sessions
from sphinxcontrib_kerasgraph.serve.drawn import Drawn

ONE = "x InputLayer\none Dense/8 <- x\n-> one"
TWO = "x InputLayer\none Dense/8 <- x\ntwo ReLU <- one\n-> two"


def by_name(graph):
    """A drawing that is told by its last call."""
    name = graph.graph.calls[-1].id
    if name == "undrawable":
        raise ZeroDivisionError
    if name == "odd":
        raise Fault("graphviz", "dot failed.", details="why")
    return Drawn(name, f"told of {name}", f"{name}.js", "A model.", ("complaint",))


@pytest.fixture
def follow(tmp_path):
    with following(tmp_path, ONE, by_name) as made:
        yield made


def test_each_save_is_shown(follow):
    shown = follow.board.shown
    assert (shown.drawn.svg, shown.is_building, shown.trouble) == ("one", False, None)
    told = follow.save(TWO)
    assert told.fault is None
    assert told.complaints == ("complaint",)
    assert told.output == "printed"
    assert told.changes.added == follow.board.shown.changes.added == ("two",)
    assert follow.board.shown.drawn.svg == "two"
    assert follow.board.script("two.js") == "told of two"
    assert follow.board.script("one.js") == "told of one"


def test_one_worker_builds_all_and_is_there_before_it_is_asked(follow):
    follow.save(TWO)
    [worker] = follow.workers
    assert worker.log == ["start", "ask", "start", "start", "ask", "start"]


def test_the_same_model_is_not_drawn_again(follow):
    drawn = follow.board.shown.drawn
    assert follow.save(f"{ONE}\n").changes.words == "The model is the same."
    assert follow.board.shown.drawn is drawn


@pytest.mark.parametrize(
    ("text", "words", "details"),
    [
        ("no model", "Building raised", "the traceback"),
        ("odd ReLU\n-> odd", "dot failed.", "why"),
        ("undrawable ReLU\n-> undrawable", "Drawing raised ZeroDivisionError", "Traceback"),
    ],
)
def test_what_is_wrong_is_shown_with_the_last_drawing_until_it_is_mended(
    follow, text, words, details
):
    assert words in str(follow.save(text).fault)
    shown = follow.board.shown
    assert words in shown.trouble.words
    assert details in shown.trouble.details
    assert shown.drawn.svg == "one"
    assert not shown.is_building
    told = follow.save(TWO)
    assert told.changes.added == ("two",)  # since the last drawing
    assert follow.board.shown.trouble is None


def test_what_changed_cannot_hinder_the_drawing(follow, monkeypatch):
    monkeypatch.setattr(sessions, "compared", lambda *_: 1 / 0)
    assert "ZeroDivisionError" in follow.save(TWO).changes.words
    assert follow.board.shown.drawn.svg == "two"


def test_a_build_that_hangs_is_ended_when_the_code_is_mended(follow, monkeypatch):
    monkeypatch.setattr(sessions, "_PATIENCE_SECONDS", 0)
    follow.file.write_text("slow")
    until(lambda: "slow" in follow.workers[0].log)
    follow.save(TWO)
    assert follow.board.shown.drawn.svg == "two"
    assert "stop" in follow.workers[0].log


def test_the_end_comes_at_once_even_while_a_model_is_built(follow):
    follow.file.write_text("slow")
    until(lambda: follow.board.shown.is_building)
    # The fixture ends it.


def test_a_first_build_that_fails_is_followed_by_where_its_module_would_be(tmp_path):
    with following(tmp_path, "no model", by_name) as follow:
        assert follow.board.shown.drawn is None
        follow.file.unlink()
        tmp_path.joinpath("net.py").write_text(ONE)
        until(lambda: follow.board.shown.drawn)
