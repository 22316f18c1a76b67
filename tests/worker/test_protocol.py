"""Questions and answers cross as they are; anything else is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from make_graphs import random_models
from sphinxcontrib_kerasgraph.faults import SUBTYPES, Fault
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.protocol import (
    Answer,
    Begun,
    Ended,
    Question,
    Setup,
    event_from_line,
)

RANDOM = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside),
    max_leaves=6,
)
#: The author's code may print, and be called, anything.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=9)
REQUESTS = st.builds(ModelRequest, ANY_TEXT, *[st.none() | ANY_TEXT] * 2)
MADE_FROM = st.dictionaries(st.sampled_from(["files", "modules"]), st.lists(ANY_TEXT, max_size=3))
SECONDS = st.floats(0, 1e9)
QUESTION = Question(3, ModelRequest("m.f", "(3,)", None))
ANSWER = Answer(Fault("build", "no", "do", "tb"), "", {"files": ["a"]}, 1.5)


@RANDOM
@given(st.integers(), REQUESTS)
def test_questions_cross(number, request):
    question = Question(number, request)
    line = question.to_line()
    assert Question.from_line(line) == question
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1


@RANDOM
@given(random_models(), MADE_FROM, SECONDS)
def test_graphs_cross(graph, made_from, seconds):
    answer = Answer(graph, graph.to_json(), made_from, seconds)
    line = answer.to_line()
    assert Answer.from_line(line) == answer
    assert line.count(b"\n") == 1


@pytest.mark.parametrize("subtype", SUBTYPES)
def test_faults_cross(subtype):
    fault = Fault(subtype, "what was tried", "what to do", "Traceback\n\udcff")
    read = Answer.from_line(Answer(fault, "", {}, 1).to_line())
    assert read.result.to_dict() == fault.to_dict()


@pytest.mark.parametrize("event", [Begun(3, 1.5), Ended(4, 2.5, -9, True, True)])
def test_events_cross(event):
    assert event_from_line(event.to_line()) == event


def test_setups_cross():
    setup = Setup(["/a", "é"], "/files", 3.5, 2, None, True)
    assert Setup.from_line(setup.to_line()) == setup


def test_that_an_answer_is_not_wanted_crosses():
    assert Question.from_line(Question(3, None).to_line()) == Question(3, None)


@RANDOM
@given(st.binary() | st.binary().map(lambda said: said + b"\n"))
def test_bytes_are_refused(line):
    for cls in (Question, Answer):
        with pytest.raises(ValueError, match=r".*"):
            cls.from_line(line)


@RANDOM
@given(JSON)
def test_other_json_is_refused(value):
    for cls in (Question, Answer):
        with pytest.raises(ValueError, match=r".*"):
            cls.from_line(json.dumps(value).encode() + b"\n")


@RANDOM
@given(st.data())
def test_other_values_are_refused_or_read(data):
    for good in (QUESTION, ANSWER):
        said = json.loads(good.to_line())
        name = data.draw(st.sampled_from(sorted(said)))
        line = json.dumps(said | {name: data.draw(JSON)}).encode() + b"\n"
        try:
            type(good).from_line(line)
        except ValueError:
            continue


@pytest.mark.parametrize("good", [QUESTION, ANSWER], ids=["question", "answer"])
def test_no_part_of_a_line_is_read(good):
    line = good.to_line()
    for end in range(len(line)):
        with pytest.raises(ValueError, match=r".*"):
            type(good).from_line(line[:end])


@pytest.mark.parametrize("good", [QUESTION, ANSWER], ids=["question", "answer"])
def test_nothing_may_be_missing_or_added(good):
    said = json.loads(good.to_line())
    others = [{key: value for key, value in said.items() if key != name} for name in said]
    for other in (*others, said | {"more": 1}):
        with pytest.raises(ValueError, match=r".*"):
            type(good).from_line(json.dumps(other).encode() + b"\n")
