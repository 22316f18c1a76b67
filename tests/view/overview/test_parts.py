"""What is there in several places, but not in a row, is drawn once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from effort import tried
from make_graphs import model, random_models
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Change, GroupKind, Marks
from sphinxcontrib_kerasgraph.view.boxes import number_of_boxes as boxes
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse
from sphinxcontrib_kerasgraph.view.overview.parts import parts_of, set_apart, set_stacks_apart
from sphinxcontrib_kerasgraph.view.overview.unfold import unfold

#: Six boxes that join, of one tensor or two.
CELL = """
{n}a Conv2D/8 <- {first}
{n}b Dense <- {second}
{n}c MaxPooling2D <- {first}
{n}d Add <- {n}a, {n}b
{n}e Dense <- {n}c
{n}f Add <- {n}c, {n}e
{n}g Add <- {n}d, {n}f
"""


def cell(name: str, first: str, second: str) -> str:
    return CELL.replace("{n}", name).replace("{first}", first).replace("{second}", second)


def shared(text: str, *, exact: bool = True) -> CallGraph:
    graph = model(text)
    view = set_apart(fold(graph, exact=exact), exact=exact)
    assert unfold(view) == graph
    assert unfold(fuse(view)) == graph
    return view.graph


def groups(graph: CallGraph) -> dict[str, list[Call]]:
    return parts_of(graph)


def test_a_cell_in_two_places_has_one_letter():
    graph = shared(
        "x InputLayer\n" + cell("p", "x", "x") + "between Softmax <- pg\n"
        + cell("q", "between", "between") + "-> qg"
    )  # fmt: skip
    [(letter, places)] = groups(graph).items()
    assert letter == "A"
    # In the same order in both.
    assert [[call.id for call in place.group.copies[0].calls] for place in places] == [
        ["pc", "pe", "pf", "pa", "pb", "pd", "pg"],
        ["qc", "qe", "qf", "qa", "qb", "qd", "qg"],
    ]
    assert [place.group.repeats for place in places] == [1, 1]
    assert boxes(graph) == 2 + 2 + 7  # input and softmax, two letters, the cell


def test_inputs_that_differ_somewhere_are_told_apart_everywhere():
    """The first cell takes the same tensor twice, the second two tensors."""
    graph = shared(
        "x InputLayer\n" + cell("p", "x", "x") + "between Softmax <- pg\n"
        + cell("q", "between", "x") + "-> qg"
    )  # fmt: skip
    [places] = groups(graph).values()
    sources = [
        [edge.source.call for edge in graph.edges if edge.target.call == place.id]
        for place in places
    ]
    assert sources == [["x", "x"], ["between", "x"]]
    assert places[0].group.copies[0].edges_from.keys() >= places[1].group.copies[
        0
    ].edges_from.keys() - {port for port in places[1].group.copies[0].edges_from if port.call}


def test_a_part_ends_where_something_else_takes_a_tensor():
    text = "x InputLayer\n" + cell("p", "x", "x") + "between Softmax <- pg\n"
    text += cell("q", "between", "between")
    [places] = groups(shared(f"{text}-> qg")).values()
    assert len(places[0].group.copies[0].calls) == 7
    # 'e' is an output of the model in the second place: it is in no part, nor is what leads to it.
    [places] = groups(shared(f"{text}-> qg, qe")).values()
    for place, name in zip(places, "pq", strict=True):
        inside = {call.id for call in place.group.copies[0].calls}
        assert inside == {f"{name}{one}" for one in "abdfg"}


def test_a_part_begins_where_what_one_of_two_models_has_does():
    graph = model(
        "x InputLayer\n" + cell("p", "x", "x") + "between Softmax <- pg\n"
        + cell("q", "between", "between") + "-> qg"
    )  # fmt: skip
    added = [
        replace(call, marks=Marks(Change.ADDED)) if call.id[1:] in {"d", "e", "f", "g"} else call
        for call in graph.graph.calls
    ]
    marked = replace(graph, graph=replace(graph.graph, calls=tuple(added)))
    assert [*groups(set_apart(fold(graph), exact=True).graph)] == ["A"]
    [places] = groups(set_apart(fold(marked), exact=True).graph).values()
    assert [[call.id for call in place.bodies[0].calls] for place in places] == [
        ["pe", "pf", "pd", "pg"],
        ["qe", "qf", "qd", "qg"],
    ]


def test_what_leads_nowhere_is_not_alike_to_what_something_takes():
    text = "x InputLayer\n" + cell("p", "x", "x") + "between Softmax <- pg\n"
    text += cell("q", "between", "between") + "after Tanh <- qg\n" + cell("r", "after", "after")
    [places] = groups(shared(f"{text}-> after")).values()
    assert [len(place.outputs) for place in places] == [1, 1]
    [places] = groups(shared(f"{text}-> rg")).values()
    assert [len(place.outputs) for place in places] == [1, 1, 1]


def test_small_parts_have_no_letter():
    text = "x InputLayer\na Dense <- x\nb Add <- a, x\ns Softmax <- b\n"
    assert groups(shared(f"{text}c Dense <- s\nd Add <- c, s\n-> d")) == {}


def test_letters_go_in_the_order_of_the_drawing():
    other = CELL.replace("g Add", "g Concatenate").replace("{n}c, {n}e", "{n}e, {n}c")
    lines, last = ["x InputLayer"], "x"
    for name, text in (("k", other), ("l", CELL), ("m", CELL), ("n", other), ("o", CELL)):
        lines.append(text.replace("{n}", name).replace("{first}", last).replace("{second}", last))
        lines.append(f"{name}between {name.upper()} <- {name}g")  # each of a class of its own
        last = f"{name}between"
    graph = shared("\n".join([*lines, f"-> {last}"]))
    found = {
        letter: [place.group.copies[0].calls[-1].id for place in places]
        for letter, places in groups(graph).items()
    }
    assert found == {"A": ["kg", "ng"], "B": ["lg", "mg", "og"]}


def test_parts_inside_of_repetitions_and_outside_are_the_same():
    lines, last = ["x InputLayer", cell("p", "x", "x"), "s Softmax <- pg"], "s"
    for number in range(3):
        lines.append(cell(f"r{number}", last, last))
        lines.append(f"r{number}t Tanh <- r{number}g")
        last = f"r{number}t"
    graph = shared("\n".join([*lines, f"-> {last}"]))
    [places] = groups(graph).values()
    # In each of the three repetitions, and once before.
    assert len(places) == 4
    [repeated] = [call for call in graph.calls if call.is_group(GroupKind.FOLD)]
    assert repeated.group.repeats == 3
    assert boxes(graph) == 2 + 1 + 2 + 7


def test_a_tall_stack_in_many_places_is_drawn_once():
    lines, last = ["x InputLayer"], "x"
    for number in range(4):
        name = f"n{number}"
        for part, of_class in enumerate(("ReLU", f"Conv2D/{number}", "Dense", "Tanh", "Softmax")):
            lines.append(
                f"{name}_{part} {of_class} <- {last if part == 0 else f'{name}_{part - 1}'}"
            )
        lines.append(f"{name}_add Add <- {last}, {name}_4")
        lines.append(f"{name}_end {'Abcd'[number]} <- {name}_add, x")  # lest it be folded
        last = f"{name}_end"
    graph = model("\n".join([*lines, f"-> {last}"]))
    fused = fuse(set_apart(fold(graph, exact=False), exact=False))
    view = set_stacks_apart(fused, exact=False)
    assert unfold(view) == graph
    [places] = parts_of(view.graph).values()
    # A box in each place, and one apart.
    assert len(places) == 4
    assert boxes(view.graph) == boxes(fused.graph) + 1


@pytest.mark.parametrize("exact", [True, False])
@settings(tried(60), derandomize=False)
@given(random_models())
def test_nothing_is_lost(exact, graph):
    view = set_apart(fold(graph, exact=exact), exact=exact)
    assert unfold(view) == graph
    assert unfold(fuse(view)) == graph
    assert unfold(set_stacks_apart(fuse(view), exact=exact)) == graph
    assert boxes(view.graph) <= boxes(fold(graph, exact=exact).graph) + len(parts_of(view.graph))


def heads(*, shared: bool, exact: bool, size: str = "8") -> list[dict[str, list[str]]]:
    """The parts of two kinds of heads, each kind twice: their calls by the names of the heads."""
    lines, last = ["x InputLayer"], "x"
    for n in "12":
        for name in ("box", "class"):
            text = cell(f"{name}{n}", last, last)
            lines += [text.replace("/8", f"/{size}") if name == "class" else text]
            lines += [f"{name}{n}s {name.title()}{n} <- {name}{n}g"]
            last = f"{name}{n}s"
    graph = model("\n".join([*lines, f"-> {last}"]))
    if shared:
        calls = tuple(
            replace(call, shared=True, layer=call.id.replace("2", "1"))
            if call.id[-1] in "abe"
            else call
            for call in graph.graph.calls
        )
        graph = replace(graph, graph=replace(graph.graph, calls=calls))
    view = set_apart(fold(graph, exact=exact), exact=exact)
    assert unfold(view) == graph
    return [
        {one.body.calls[-1].id[:-1]: [call.id for call in one.body.calls] for one in calls}
        for calls in parts_of(view.graph).values()
    ]


@pytest.mark.parametrize("exact", [True, False])
def test_parts_that_share_weights_are_those_of_the_same_layers(exact):
    [all_] = heads(shared=False, exact=exact)
    assert all_.keys() == {"box1", "class1", "box2", "class2"}
    boxes_, classes = heads(shared=True, exact=exact)
    assert (boxes_.keys(), classes.keys()) == ({"box1", "box2"}, {"class1", "class2"})


@pytest.mark.parametrize(("exact", "number"), [(True, 6), (False, 7)])
def test_what_differs_in_a_number_is_in_no_part_unless_it_is_loose(exact, number):
    """A convolution differs: what it makes goes into the part."""
    places = heads(shared=False, exact=exact, size="16")
    assert [len(one) for one in places] == [4]
    assert all(len(calls) == number for one in places for calls in one.values())


def test_places_that_take_other_outputs_of_a_call_inside_are_not_the_same():
    lines, last = ["x InputLayer"], "x"
    for n in range(8):
        one, other = (0, 1) if n % 2 else (1, 0)
        lines += [
            f"p{n} Conv2D <- {last}",
            f"s{n} Split <- p{n}",
            f"d{n} Odd <- s{n}",
            f"e{n} Even <- s{n}:1",
            f"q{n} Weird <- s{n}:{one}, s{n}:{other}",
            f"f{n} Blah <- d{n}, e{n}",
            f"j{n} Add <- q{n}, f{n}",
            f"k{n} K{n} <- {last}, j{n}",
        ]
        last = f"k{n}"
    found = groups(shared("\n".join([*lines, f"-> {last}"])))
    for places in found.values():
        bodies = [place.group.copies[0] for place in places]
        wired = [[(edge.source.index, edge.target.index) for edge in one.edges] for one in bodies]
        assert all(one == wired[0] for one in wired)
