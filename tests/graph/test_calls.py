"""Calls, the graphs inside of them, and how to walk through all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import leaf, model
from make_scenes import NESTED, RESIDUAL
from sphinxcontrib_kerasgraph.graph import BLOCK, CallKind, GroupKind, Port
from sphinxcontrib_kerasgraph.graph.configuration import nameless
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse

FOLDED = fuse(fold(model(RESIDUAL))).graph
NET = model(NESTED).graph


def test_a_class_name_is_the_last_of_the_qualified_name():
    assert replace(leaf("d", "Outer.Inner.Dense")).class_name == "Dense"
    assert leaf("d", "Dense").class_name == "Dense"


def test_calls_are_found_by_id_and_place():
    assert NET["b"].id == "b"
    assert NET.places == {"x": 0, "b": 1, "y": 2}
    with pytest.raises(KeyError):
        NET["nobody"]


def test_edges_are_found_by_their_ends():
    assert [edge.target for edge in NET.edges_from[Port("b")]] == [Port("y")]
    assert [edge.source for edge in NET.edges_into["y"]] == [Port("b"), Port("b", 1)]
    inner = NET["b"].body
    assert [edge.target.call for edge in inner.edges_from[Port(BLOCK)]] == ["d", "a"]
    assert "nobody" not in inner.edges_into


def test_a_walk_leads_through_blocks_and_tells_paths():
    assert [path for path, _ in NET.walk()] == [
        "x",
        "b",
        "b/d",
        "b/i",
        "b/i/c",
        "b/i/r",
        "b/a",
        "y",
    ]
    assert next(path for path, _ in NET["b"].body.walk("b/")) == "b/d"


def test_calls_in_groups_keep_their_paths():
    assert [path for path, call in FOLDED.walk() if not call.group] == [
        "x", "d", "c1", "b1", "r1", "a1", "p", "y",
    ]  # fmt: skip
    assert [call.id for call in FOLDED.flat()] == ["x", "d", "c1", "b1", "r1", "a1", "p", "y"]


def test_the_graphs_inside():
    [group] = [call for call in FOLDED.calls if call.is_group(GroupKind.FOLD)]
    assert len(group.bodies) == group.group.repeats == 4
    assert group.bodies[0] is group.body
    assert NET["b"].bodies == (NET["b"].body,)
    assert NET["x"].bodies == ()


def test_other_graphs_inside_leave_all_else():
    [group] = [call for call in FOLDED.calls if call.is_group(GroupKind.FOLD)]
    fewer = group.with_bodies(group.bodies[:2])
    assert (fewer.group.repeats, fewer.body, fewer.id) == (2, group.bodies[0], group.id)
    assert group.with_bodies(group.bodies) == group
    assert NET["x"].with_bodies(()) is NET["x"]
    assert NET["b"].with_bodies([FOLDED]).body is FOLDED
    assert NET["b"].with_bodies([FOLDED]).group is None


def test_groups_are_told_by_their_kind():
    [fold_] = [call for call in FOLDED.calls if call.is_group(GroupKind.FOLD)]
    assert fold_.kind is CallKind.GROUP
    assert fold_.is_group()
    assert fold_.is_group(GroupKind.STACK, GroupKind.FOLD)
    assert not fold_.is_group(GroupKind.STACK)
    assert not NET["b"].is_group()


def test_a_chain_takes_one_tensor_of_the_repetition_before_once():
    def group_of(line: str):
        lines = "".join(
            f"{line.replace('{n}', str(n)).replace('{m}', str(n - 1))}\n" for n in range(1, 7)
        )
        graph = fold(model(f"d0 InputLayer\n{lines}-> d6")).graph
        [found] = [call for call in graph.calls if call.group]
        return found.group

    assert group_of("d{n} Dense <- d{m}").is_chain
    assert not group_of("d{n} Add <- d{m}, d{m}").is_chain


def test_names_in_configurations_are_left_out_at_any_depth():
    config = {
        "name": "a",
        "units": 8,
        "layer": {
            "class_name": "Dense",
            "config": {"name": "b", "units": 9},
            "registered_name": "D",
        },
        "cells": [{"name": "c", "size": (1, 2)}],
        "dtype": {"class_name": "DTypePolicy", "config": {"name": "float16"}},
    }
    assert nameless(config) == {
        "units": 8,
        "layer": {"class_name": "Dense", "config": {"units": 9}},
        "cells": [{"size": [1, 2]}],
        "dtype": {"class_name": "DTypePolicy", "config": {"name": "float16"}},
    }
