"""Which calls are alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edit_graphs import changed, serialized
from make_graphs import leaf, model, of_graph
from make_scenes import NESTED
from sphinxcontrib_kerasgraph.graph import (
    Amount,
    Call,
    CallGraph,
    CallKind,
    Change,
    Marks,
    Parameters,
    Tensor,
)
from sphinxcontrib_kerasgraph.graph.similarity import Similarity
from sphinxcontrib_kerasgraph.options import SelectOptions
from sphinxcontrib_kerasgraph.view.expand import expand
from sphinxcontrib_kerasgraph.view.overview.fold import fold

DENSE = leaf("dense", "Dense", "8", 1)


def alike(one: Call, other: Call, *, exact: bool) -> bool:
    found = Similarity(exact=exact)
    return found.of_all([one], ()) == found.of_all([other], ())


def same(**facts) -> tuple[bool, bool]:
    """Whether a call with these facts is like the one without, exactly and loosely."""
    other = replace(DENSE, **facts)
    return alike(DENSE, other, exact=True), alike(DENSE, other, exact=False)


BOTH, LOOSELY, NEVER = (True, True), (False, True), (False, False)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, BOTH),
        # Names, sizes of weights and shapes of the same rank, which follow from what comes in.
        ({"id": "d", "name": "d", "layer": "d", "config": {"name": "d", "size": "8"}}, BOTH),
        ({"parameters": Parameters(9, 9, 9)}, BOTH),
        ({"outputs": (Tensor((None, 99), "float32"),)}, BOTH),
        ({"marks": Marks(flops=Amount(9))}, BOTH),
        # How it is configured.
        ({"config": {"name": "dense", "size": "9"}}, LOOSELY),
        ({"constants": (("axis", "1"),)}, LOOSELY),
        ({"activation": "relu"}, LOOSELY),
        ({"trainable": False}, LOOSELY),
        ({"shared": True}, LOOSELY),
        # What it is, how it stands among others, and how it is marked.
        ({"qualname": "Dense2"}, NEVER),
        ({"module": "mine"}, NEVER),
        ({"kind": CallKind.CUSTOM}, NEVER),
        ({"inputs": ()}, NEVER),
        ({"outputs": (Tensor((None, 8, 8), "float32"),)}, NEVER),
        ({"outputs": ()}, NEVER),
        ({"opaque": "it raised"}, NEVER),
        ({"inside": 3}, NEVER),
        ({"marks": Marks(change=Change.ADDED)}, NEVER),
        ({"marks": Marks(highlighted=True)}, NEVER),
    ],
)
def test_what_makes_calls_alike(facts, found):
    assert same(**facts) == found


def test_how_many_calls_a_closed_block_hides_matters():
    one, other = (replace(DENSE, inside=number) for number in (2, 3))
    assert (alike(one, other, exact=True), alike(one, other, exact=False)) == NEVER


def test_names_in_configurations_do_not_matter():
    one, other = (
        replace(DENSE, config={"init": serialized("HeNormal", name=name)}) for name in "ab"
    )
    assert alike(one, other, exact=True)


def block(text: str = NESTED) -> Call:
    return model(text).graph["b"]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("c Conv2D", "c Conv2D", BOTH),
        ("c Conv2D", "c Conv2D/8", LOOSELY),
        ("c Conv2D", "c Dense", NEVER),
        ("a Add <- i, ^", "a Add <- ^, i", NEVER),
        ("-> a, d", "-> d, a", NEVER),
    ],
)
@pytest.mark.parametrize("close", [False, True])
def test_blocks_are_alike_as_what_is_inside(old, new, found, close):
    """To the full depth, also of what isn't drawn."""
    one, other = block(), block(NESTED.replace(old, new))
    if close:
        one, other = map(closed, (one, other))
    assert (alike(one, other, exact=True), alike(one, other, exact=False)) == found


def closed(call: Call) -> Call:
    [found] = expand(of_graph(CallGraph((call,), (), (), ())), SelectOptions()).graph.calls
    assert found.body is None
    return found


def test_the_shape_of_an_input_does_not_matter():
    """No more than that of any other tensor: it follows from what comes in."""
    one, other = (
        replace(leaf("x", "InputLayer"), config={"batch_shape": [None, size]}) for size in (8, 9)
    )
    assert alike(one, other, exact=True)


def test_the_configuration_of_a_block_may_hold_names():
    one, other = (
        changed(model(NESTED), "b", config={"layers": [name], "depth": 3}).graph["b"]
        for name in "ab"
    )
    assert alike(one, other, exact=True)
    for config in ({"depth": 4}, {"depth": 3, "sizes": [1, 2]}, {"depth": None}):
        deeper = replace(other, config={"layers": ["b"], **config})
        assert (alike(one, deeper, exact=True), alike(one, deeper, exact=False)) == LOOSELY


def test_edges_into_calls_must_be_alike():
    found = Similarity(exact=False)
    assert found.of_all([DENSE], "one") == found.of_all([DENSE], "one")
    assert found.of_all([DENSE], "one") != found.of_all([DENSE], "other")


def test_of_several_graphs_all_calls_of_a_place_must_be_alike():
    found = Similarity(exact=True)
    other = replace(DENSE, qualname="Other")
    assert found.of_all([DENSE, other], ()) == found.of_all([DENSE, other], ())
    assert found.of_all([DENSE, other], ()) != found.of_all([DENSE, DENSE], ())
    assert found.of_all([DENSE, other], ()) != found.of_all([other, DENSE], ())


def folded(number: int, size: str = "8") -> Call:
    chain = "".join(f"d{n} Dense/{size} <- d{n - 1}\n" for n in range(1, number + 1))
    graph = fold(model(f"d0 InputLayer\n{chain}-> d{number}")).graph
    [group] = [call for call in graph.calls if call.group]
    return group


def test_how_often_something_is_repeated_matters_exactly():
    assert alike(folded(5), folded(5), exact=True)
    assert (
        alike(folded(5), folded(6), exact=True), alike(folded(5), folded(6), exact=False)
    ) == LOOSELY  # fmt: skip
    assert (
        alike(folded(5), folded(5, "9"), exact=True), alike(folded(5), folded(5, "9"), exact=False)
    ) == LOOSELY  # fmt: skip


def test_calls_that_are_asked_for_and_dropped_are_not_taken_for_others():
    found = Similarity(exact=True)
    assert len({found.of_all([leaf("a", f"C{n}")], ()) for n in range(100)}) == 100
