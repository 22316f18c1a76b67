"""Faults of listeners to our events are told as theirs, in a line."""

from __future__ import annotations

from types import SimpleNamespace

import pydot
import pytest

from make_graphs import model
from sphinxcontrib_kerasgraph.ext.events import DOT_CREATED, Listeners
from sphinxcontrib_kerasgraph.faults import Fault


class Shy:
    """Has nothing to say of itself."""

    def __repr__(self):
        raise RuntimeError("no")


class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no")


def told(handler):
    """What is said of what the listener does."""
    listener = SimpleNamespace(handler=handler, priority=500)
    app = SimpleNamespace(events=SimpleNamespace(listeners={DOT_CREATED: [listener]}))
    with pytest.raises(Fault) as caught:
        Listeners(app).hooks(model("x InputLayer\n-> x")).dot(pydot.Dot())
    assert caught.value.subtype == "option"
    return caught.value.message


@pytest.mark.parametrize("answer", ["digraph {}" * 100, ["digraph {}"] * 100, Shy(), [Shy()]])
def test_a_wrong_answer_is_told_shortly_whatever_it_is(answer):
    said = told(lambda *_: answer)
    assert "returned" in said
    assert len(said) < 250


@pytest.mark.parametrize(("error", "says"), [(Mute(), "raised Mute."), (KeyError(), "KeyError.")])
def test_an_error_that_says_nothing_is_told_by_its_name(error, says):
    def listen(*_):
        raise error

    assert told(listen).endswith(says)
