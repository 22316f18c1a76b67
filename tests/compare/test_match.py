"""Which calls of two models belong together."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from edit_graphs import NESTED, NET, chain, changed, configured, of_keras
from make_graphs import model, of_graph
from sphinxcontrib_kerasgraph.compare import Matching, Pair, Place, matched
from sphinxcontrib_kerasgraph.compare.match import MODEL
from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.graph.naming import stem


def places(matching: Matching) -> list[tuple[str | None, str | None]]:
    """The paths of all calls, at every depth; ``None`` where one isn't there."""
    return [
        (match.place.old, match.place.new)
        if isinstance(match, Pair)
        else (match.path, None)
        if match.change == Change.REMOVED
        else (None, match.path)
        for match in matching.walk()
    ]


def test_the_same_models_match_call_by_call():
    old, new = model(NET), model(NET)
    matching = matched(old, new)
    assert matching.place == MODEL
    assert (matching.old, matching.new) == (old.graph, new.graph)
    assert [(pair.old, pair.new) for pair in matching.pairs] == [
        *zip(old.graph.calls, new.graph.calls, strict=True)
    ]
    assert (matching.added, matching.removed) == ((), ())


def test_calls_inside_blocks_are_matched_with_their_paths():
    matching = matched(model(NESTED), model(NESTED))
    assert places(matching) == [
        (path, path)
        for path in (
            "x",
            "block",
            "block/inner",
            "block/inner/conv",
            "block/inner/relu",
            "block/add",
        )
    ]
    block = matching.pairs[1].inside
    assert block.place == Place("block", "block")
    assert [pair.place.new for pair in block.pairs] == ["block/inner", "block/add"]


def test_paths_inside_a_renamed_block_are_those_of_either_model():
    matching = matched(
        model(NESTED), model(NESTED.replace("block ", "stage ").replace("-> block", "-> stage"))
    )
    assert places(matching)[1:3] == [("block", "stage"), ("block/inner", "stage/inner")]
    assert matching.names == {"x": "x", "block": "stage"}


def test_added_and_removed_calls_stand_where_they_are():
    old = chain([("Conv2D", 8), ("Flatten", 0), ("Dense", 4)])
    new = chain([("Conv2D", 8), ("ReLU", 0), ("BatchNormalization", 0), ("Dense", 4)])
    matching = matched(old, new)
    assert places(matching) == [
        ("x", "x"),
        ("conv2_d", "conv2_d"),
        ("flatten", None),
        (None, "re_lu"),
        (None, "batch_normalization"),
        ("dense", "dense"),
    ]
    [removed] = matching.removed
    assert (removed.change, removed.call) == (Change.REMOVED, old.graph["flatten"])
    assert [single.change for single in matching.added] == [Change.ADDED] * 2


def test_what_is_inside_an_added_block_is_not_matched_alone():
    more = NESTED.replace(
        "-> block\n", "more Block <- block\n        deep Dense <- ^\n        -> deep\n    -> more\n"
    )
    assert places(matched(model(NESTED), model(more)))[-1] == (None, "more")


def test_calls_are_matched_by_what_they_are_and_not_by_their_numbers():
    old = chain([("Dense", 8), ("Dense", 4)])
    new = chain([("Dense", 8), ("Dense", 16), ("Dense", 4)])
    assert places(matched(old, new))[1:] == [
        ("dense", "dense"),
        (None, "dense_1"),
        ("dense_1", "dense_2"),
    ]


def test_calls_in_another_order_are_matched_by_name():
    old = model("x InputLayer\na Dense <- x\nb ReLU <- x\n-> a, b")
    graph = old.graph
    new = of_graph(replace(graph, calls=(graph.calls[0], graph.calls[2], graph.calls[1])))
    assert places(matched(old, new)) == [("x", "x"), ("a", "a"), ("b", "b")]


def test_another_class_under_the_same_name_is_another_call():
    old = model("x InputLayer\na Dense <- x\n-> a")
    new = model("x InputLayer\na Softmax <- x\nb Dense <- a\n-> b")
    assert ("a", "a") not in places(matched(old, new))


def test_an_inside_that_one_model_alone_knows_is_not_matched():
    matching = matched(model(NESTED), changed(model(NESTED), "block", body=None))
    assert matching.pairs[1].inside is None
    assert places(matching) == [("x", "x"), ("block", "block")]


def test_keys_that_one_version_of_keras_has_keep_nothing_apart():
    old = chain([("Dense", 8), ("Dense", 4)])
    new = chain([("Dense", 16), ("Dense", 8), ("Dense", 4)])
    for path in ("dense", "dense_1", "dense_2"):
        new = configured(new, path, lora_rank=None)
    new = of_keras(new, "3.9")
    assert places(matched(of_keras(old, "3.4"), new))[1:] == [
        (None, "dense"),
        ("dense", "dense_1"),
        ("dense_1", "dense_2"),
    ]


def test_models_of_which_nothing_matches():
    matching = matched(model("a Constant\n-> a"), model("x InputLayer\n-> x"))
    assert places(matching) == [("a", None), (None, "x")]
    assert matching.pairs == ()


def test_a_matching_is_frozen():
    matching = matched(model(NET), model(NET))
    with pytest.raises(FrozenInstanceError):
        matching.matches = ()


@pytest.mark.parametrize(
    ("name", "without"),
    [("dense", "dense"), ("dense_12", "dense"), ("dense_1#2", "dense"), ("conv2d", "conv2d")],
)
def test_numbers_are_no_part_of_a_name(name, without):
    assert stem(name) == without
