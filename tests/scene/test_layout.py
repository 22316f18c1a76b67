"""Scenes in columns: nothing is lost or invented, and cut wires can be followed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edit_graphs import renamed
from effort import tried
from make_graphs import model, random_models
from make_scenes import (
    PARTS,
    RESIDUAL,
    boxes_of,
    connectors,
    residual,
    scene,
    things,
    wires_of,
)
from sphinxcontrib_kerasgraph.label.tree import Form
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.columns import Space
from sphinxcontrib_kerasgraph.scene.layout import (
    Arranged,
    Below,
    Layout,
    Link,
    arrange,
    estimated_size,
    possible_starts,
)
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame, Scene, Wire, names_in

OVERVIEW = {"view": "overview", "fold": "exact"}
WAYS = [
    {"view": "full"},
    {"view": "full", "depth": "all"},
    {"view": "overview"},
    {"view": "overview", "fold": "loose", "depth": "all"},
    {"view": "overview", "fold": "none", "fuse": "no"},
]


def chain(*sources: str) -> Scene:
    """Dense layers, each of which takes the one before it, and what is told besides."""
    lines = ["x InputLayer"]
    for at, more in enumerate(sources):
        before = f"d{at - 1}" if at else "x"
        lines.append(f"d{at} Dense <- {', '.join([before, *more.split()])}")
    return scene("\n".join([*lines, f"-> d{len(sources) - 1}"]), view="full")


def placed(arranged: Arranged) -> dict[str, int]:
    """The column of every box, text and connector."""
    found: dict[str, int] = {}
    for number, column in enumerate(arranged.columns):
        for thing in column:
            if isinstance(thing, Box | Frame):
                assert found.keys().isdisjoint(names_in(thing))
                found.update(dict.fromkeys(names_in(thing), number))
    return found | {name: column for name, (column, _) in connectors(arranged).items()}


def check_arranged(made: Scene, arranged: Arranged) -> None:
    """Every box, text and wire of the scene is in one column, and no line leaves its column."""
    columns = placed(arranged)
    joints = connectors(arranged)
    assert columns.keys() - joints.keys() == made.names
    assert made.names.isdisjoint(joints)
    links = {thing.target: thing.source for _, thing in things(arranged, Link)}
    #: The box that a tensor comes from, by the number of its connectors.
    left = {number: links[name] for name, (_, number) in joints.items() if name in links}
    told = []
    for column, wire in things(arranged, Wire):
        assert columns[wire.source] == columns[wire.target] == column
        number = joints.get(wire.source, (0, 0))[1]
        told.append(replace(wire, source=left[number]) if number else wire)
    assert Counter(told) == Counter(wires_of(made))
    for column, thing in things(arranged, Link):
        assert columns[thing.source] == columns[thing.target] == column
    for column, thing in things(arranged, Below):
        assert columns[thing.above] == columns[thing.below] == column
    check_connectors(arranged, links)


def check_connectors(arranged: Arranged, links: dict[str, str]) -> None:
    """Numbers begin with 1; each leaves one column once, and enters others, each once."""
    joints = connectors(arranged)
    numbers = {number for _, number in joints.values()}
    assert numbers == set(range(1, len(numbers) + 1))
    used = Counter(wire.source for _, wire in things(arranged, Wire))
    for number in numbers:
        out = [name for name, (_, other) in joints.items() if other == number and name in links]
        into = [
            name for name, (_, other) in joints.items() if other == number and name not in links
        ]
        assert len(out) == 1
        assert into
        assert all(used[name] for name in into)
        columns = [joints[name][0] for name in (*out, *into)]
        assert len(set(columns)) == len(columns)


@tried(150)
@given(random_models(), st.sampled_from(WAYS), st.data())
def test_any_way_to_break_a_scene_keeps_all_that_is_in_it(graph, options, data):
    made = scene(graph, **options)
    places = st.integers(1, max(1, len(made.items) - 1))
    starts = (0, *sorted(data.draw(st.sets(places, max_size=3)))) if len(made.items) > 1 else (0,)
    layout = Layout(starts, data.draw(st.integers(0, 2)), data.draw(st.sampled_from([None, 1, 90])))
    check_arranged(made, arrange(made, layout))


@tried(100)
@given(random_models(), st.sampled_from(WAYS))
def test_a_scene_is_the_same_after_it_was_laid_out(graph, options):
    made, again = (scene(graph, **options) for _ in range(2))
    layouts = [
        Layout(),
        *(
            Layout(starts)
            for starts in possible_starts(made, DrawOptions.of(**options).layout, Space(100))
        ),
    ]
    first = [arrange(made, layout) for layout in layouts]
    assert made == again
    assert [arrange(made, layout).columns for layout in layouts] == [one.columns for one in first]
    # The same boxes, not boxes that are equal.
    kept = {id(box) for box in made.items}
    for one in first:
        assert {id(item) for _, item in things(one, Box | Frame)} >= kept


# Connectors


def test_one_column_has_no_connectors():
    made = chain("", "", "")
    arranged = arrange(made, Layout())
    assert connectors(arranged) == {}
    assert arranged.across == 1


def test_a_cut_wire_has_connectors_of_the_same_number_at_both_ends():
    made = chain("", "", "")
    arranged = arrange(made, Layout((0, 2)))
    assert connectors(arranged) == {"//1_out": (0, 1), "//1_in_1": (1, 1)}
    [(column, link)] = things(arranged, Link)
    assert (column, link.source, link.target) == (0, "d0", "//1_out")
    assert link.wire in arranged.scene.wires
    wires = [(column, wire.source, wire.target) for column, wire in things(arranged, Wire)]
    assert wires == [(0, "x", "d0"), (1, "//1_in_1", "d1"), (1, "d1", "d2")]
    check_arranged(made, arranged)


def test_a_tensor_that_several_take_has_one_number():
    """``d0`` is taken twice in the second column, and in the third."""
    made = chain("", "", "d0", "d0")
    arranged = arrange(made, Layout((0, 2, 4)))
    assert connectors(arranged) == {
        "//1_out": (0, 1), "//1_in_1": (1, 1), "//1_in_2": (2, 1),
        "//2_out": (1, 2), "//2_in_2": (2, 2),
    }  # fmt: skip
    check_arranged(made, arranged)


def test_tensors_of_one_box_have_numbers_of_their_own():
    text = "x InputLayer\ns Split <- x\na Dense <- s\nb Add <- a, s:1\n-> b"
    made = scene(text, view="full")
    arranged = arrange(made, Layout((0, 2)))
    assert sorted(number for column, number in connectors(arranged).values() if column) == [1, 2]
    check_arranged(made, arranged)


def test_names_of_connectors_are_no_others():
    graph = model("x InputLayer\na Dense <- x\nb Dense <- a\n-> b")
    for old, new in (("a", "//1 out"), ("b", "//1_in_1")):
        graph = replace(graph, graph=renamed(graph.graph, old, new))
    made = scene(graph, view="full")
    arranged = arrange(made, Layout((0, 2)))
    assert {box.path: box.name for box in boxes_of(made)} == {
        "x": "x", "//1 out": "//1_out", "//1_in_1": "//1_in_1",
    }  # fmt: skip
    assert connectors(arranged).keys() == {"//1_out~2", "//1_in_1~2"}
    check_arranged(made, arranged)


def test_the_note_is_below_the_last_box():
    made = scene(RESIDUAL, **OVERVIEW)
    arranged = arrange(made, Layout((0, 3)))
    assert placed(arranged)[made.note.name] == 1
    assert [thing for _, thing in things(arranged, Below)] == [Below("p_stack", made.note.name)]


# Rows


def branches(number: int) -> Scene:
    names = [f"b{n}" for n in range(number)]
    lines = [f"{name} Dense <- x" for name in names]
    text = "\n".join(["x InputLayer", *lines, f"y Add <- {', '.join(names)}", "-> y"])
    return scene(text, view="full")


def test_what_makes_a_row_too_wide_stands_below():
    made = branches(8)
    assert things(arrange(made, Layout()), Below) == []
    width = made.items[1].size[0] + 9
    arranged = arrange(made, Layout(widest=2 * width))
    # Two side by side; each of the others under one of those above.
    below = [(thing.above, thing.below) for _, thing in things(arranged, Below)]
    assert below == [
        ("b0", "b2"), ("b1", "b3"), ("b2", "b4"), ("b3", "b5"), ("b4", "b6"), ("b5", "b7"),
    ]  # fmt: skip
    check_arranged(made, arranged)


def test_what_is_wider_than_allowed_is_there_all_the_same():
    made = branches(3)
    arranged = arrange(made, Layout(widest=1))
    assert [(one.above, one.below) for _, one in things(arranged, Below)] == [
        ("b0", "b1"), ("b1", "b2"),
    ]  # fmt: skip


def test_rows_inside_of_frames_are_broken_too():
    names = [f"b{n}" for n in range(4)]
    lines = "\n".join(f"    {name} Dense <- ^" for name in names)
    text = f"x InputLayer\nk Block <- x\n{lines}\n    y Add <- {', '.join(names)}\n    -> y\n-> k"
    arranged = arrange(scene(text, depth="all"), Layout(widest=1))
    assert ("k/b0", "k/b1") in {(one.above, one.below) for _, one in things(arranged, Below)}


# Sizes


ROOMY = Space(10_000, 10_000)


def size(made: Scene, *starts: int, widest: float | None = None, space: Space = ROOMY):
    return estimated_size(made, Layout((0, *starts), 0, widest), space)


def test_a_longer_chain_is_higher_and_not_wider():
    sizes = [size(chain(*[""] * number)) for number in range(1, 12)]
    assert [high for _, high in sizes] == sorted({high for _, high in sizes})
    assert len({wide for wide, _ in sizes[:9]}) == 1  # `d10` has a longer name


def test_more_branches_are_wider_and_not_higher():
    sizes = [size(branches(number)) for number in range(2, 8)]
    assert [wide for wide, _ in sizes] == sorted({wide for wide, _ in sizes})
    assert len({high for _, high in sizes}) == 1


def test_columns_are_wider_and_lower():
    made = chain(*[""] * 11)
    one, two, three = size(made), size(made, 6), size(made, 4, 8)
    assert one[0] < two[0] < three[0]
    assert one[1] > two[1] > three[1]
    # Where that fits better, the second stands below the first.
    narrow = size(made, 6, space=Space(one[0], 10_000))
    assert narrow[0] < two[0]
    assert narrow[1] > one[1]


def test_narrow_rows_are_narrower_and_higher():
    made = branches(8)
    sizes = [size(made, widest=widest) for widest in (None, 300, 200, 100)]
    assert [wide for wide, _ in sizes] == sorted((wide for wide, _ in sizes), reverse=True)
    assert [high for _, high in sizes] == sorted(high for _, high in sizes)
    assert sizes[0][0] > sizes[-1][0]


def test_more_details_take_more_room():
    plain, detailed = (
        scene(RESIDUAL, view="full", **options)
        for options in ({}, {"show_shapes": True, "show_dtype": True})
    )
    assert size(plain)[0] <= size(detailed)[0]
    assert size(plain)[1] < size(detailed)[1]


def test_frames_take_room():
    text = "x InputLayer\nk Block <- x\n    a Dense <- ^\n    b Dense <- a\n    -> b\n-> k"
    assert size(scene(text, expand=("k",)))[1] > size(scene(text, collapse=("k",)))[1]


@tried(100)
@given(random_models(), st.sampled_from(WAYS))
def test_any_scene_has_a_size(graph, options):
    made = scene(graph, **options)
    width, height = size(made)
    assert width >= max(box.size[0] for box in boxes_of(made))
    assert height >= max(box.size[1] for box in boxes_of(made))


# Ways


def of_layout(**options):
    return DrawOptions.of(**options).layout


def long() -> Scene:
    return scene("x InputLayer\n" + residual(12) + "\n-> a12", view="full")


@pytest.mark.parametrize("options", [{"columns": 1}, {"layout": "neato"}])
def test_where_columns_make_no_sense_there_is_one(options):
    assert possible_starts(long(), of_layout(**options), Space(300, 300)) == [(0,)]


def test_from_left_to_right_columns_are_rows():
    made = long()
    for rankdir in ("LR", "RL"):
        layout = of_layout(rankdir=rankdir)
        [best, *_] = possible_starts(made, layout, Space(400, 2000))
        assert len(best) > 1
        rows = estimated_size(made, Layout(best, is_turned=True), Space(400, 2000))
        line = estimated_size(made, Layout(is_turned=True), Space(400, 2000))
        assert rows[0] < line[0]
        assert rows[1] > line[1]


def test_a_short_scene_is_not_broken():
    assert possible_starts(chain(""), of_layout(), Space(1, 1)) == [(0,)]


@pytest.mark.parametrize("columns", [2, 3, 5])
def test_the_number_of_columns_is_as_asked_for(columns):
    [starts] = possible_starts(long(), of_layout(columns=columns), Space(500))
    assert len(starts) == columns
    assert starts[0] == 0
    assert list(starts) == sorted(set(starts))


def test_a_long_scene_is_broken_to_fit_a_page():
    made = long()
    first, *_ = found = possible_starts(made, of_layout(), Space(500, 500))
    assert len(first) > 1
    assert len({len(starts) for starts in found}) == len(found)
    page = Space(500, 500)
    assert page.scale(*size(made, *first[1:])) > page.scale(*size(made))


def test_no_column_ends_where_many_tensors_cross():
    made = long()
    for starts in possible_starts(made, of_layout(), Space(500, 500)):
        assert all(made.crossing[at] <= 3 for at in starts)


def test_what_leads_nowhere_and_makes_nothing_can_be_drawn_apart():
    lines, last = ["x InputLayer"], "x"
    for n in range(8):
        lines += [
            f"k{n}a Conv2D/8 <- {last}",
            f"k{n}b Dense <- {last}",
            f"k{n}c Add <- k{n}a, k{n}b",
            f"k{n}d Dense <- k{n}c",
            f"k{n}e Add <- k{n}d, k{n}a",
            f"s{n} S{n} <- {last}",
        ]
        last = f"s{n}"
    made = scene("\n".join([*lines, f"-> {last}"]), view="overview")
    assert len(made.parts) == 1
    assert sum(box.label.form is Form.PART for box in boxes_of(made)) == 8


def test_parts_that_are_drawn_apart_are_columns_of_their_own():
    made, parts = scene(PARTS, view="overview", fold="loose"), 1
    assert len(made.parts) == parts
    arranged = arrange(made, Layout((0,)))
    assert len(arranged.columns) == arranged.across == 1 + parts
    [frame] = [thing for column, thing in things(arranged, Frame) if column == 1]
    assert frame is made.parts[0]
    check_arranged(made, arranged)
    below = arrange(made, Layout((0,), 1))
    assert (below.across, below.columns) == (1, arranged.columns)
    narrow = size(made, space=Space(100, 10_000))
    assert narrow[0] < size(made)[0]
