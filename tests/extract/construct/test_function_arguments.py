"""A function of tensors: what is a tensor of its arguments, what a literal, and what is missing."""

from __future__ import annotations

import pytest

from graph_text import graph_text
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract.extraction import target_to_graph
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import Target
from zoo_checks import expected

PLAIN = expected("""
    x InputLayer
    conv Conv2D <- x
    -> conv
""")
IN_TRAINING = expected("""
    x InputLayer
    conv Conv2D <- x
    drop Dropout <- conv
    -> drop
""")
JOINED = expected("""
    left InputLayer
    right InputLayer
    add Add <- left, right
    scaled Dense <- add
    -> scaled
""")


def text(target: str, shape, **options) -> str:
    calling = Calling(input_shape=shape, **options)
    return graph_text(target_to_graph(Target.parse(target), calling).graph)


@pytest.mark.parametrize(
    ("target", "options"),
    [
        ("zoo.arguments.stem(4)", {}),
        ("zoo.arguments.stem(filters=4)", {}),
        ("zoo.arguments.stem", {"call": {"filters": 4}}),
        ("zoo.arguments.stem(filters=4, training=False)", {}),
    ],
)
def test_literals_come_after_the_tensors_or_by_name(target, options):
    assert text(target, (9, 9, 3), **options) == PLAIN


def test_mode():
    assert text("zoo.arguments.stem(4)", (9, 9, 3), training=True) == IN_TRAINING
    assert text("zoo.arguments.stem(4, training=True)", (9, 9, 3)) == IN_TRAINING
    assert text("zoo.arguments.stem(4, True)", (9, 9, 3)) == IN_TRAINING


@pytest.mark.parametrize(
    "shape", [[(4,), (4,)], {"left": (4,), "right": (4,)}, {"right": (4,), "left": (4,)}]
)
def test_two_tensors_and_a_literal(shape):
    for target in ("zoo.arguments.joined(5)", "zoo.arguments.joined(units=5)"):
        lines = text(target, shape).splitlines()
        assert sorted(lines) == sorted(JOINED.splitlines())


def test_what_is_missing():
    with pytest.raises(Fault) as caught:
        text("zoo.arguments.stem", (9, 9, 3))
    assert caught.value.message == "'stem' needs 'x' and 'filters'; 'filters' isn't given."
    assert '{option call={"filters": …}}' in caught.value.advice
    with pytest.raises(Fault, match="'joined' needs 'left' and 'right'; 'right' isn't given"):
        text("zoo.arguments.joined(5)", (4,))
    with pytest.raises(Fault, match="'joined' needs 'left' and 'right'; 'right' isn't given"):
        text("zoo.arguments.joined", [(4,)], call={"units": 5})


def test_argument_that_there_is_not():
    with pytest.raises(Fault, match="'stem' has no argument 'filter'") as caught:
        text("zoo.arguments.stem(4)", (9, 9, 3), call={"filter": 4})
    assert "It takes 'x' and 'training'" in caught.value.advice
