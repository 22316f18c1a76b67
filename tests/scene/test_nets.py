"""Letters in place of lines: none is lost, and each is told at both ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from make_graphs import random_models
from make_scenes import PARTS, boxes_of, scene, things, wires_of
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.label.tree import Form, with_letters
from sphinxcontrib_kerasgraph.scene.layout import Arranged, Box, Layout, Link, Tag, arrange
from sphinxcontrib_kerasgraph.scene.nets import Net, nets_of
from sphinxcontrib_kerasgraph.scene.scene import Wire


def fan(targets: int, name: str = "time_embedding") -> str:
    """A chain each layer of which also takes what is made of an input."""
    lines = ["image InputLayer", f"{name} InputLayer", f"dense_1 Dense <- {name}"]
    last = "image"
    for n in range(targets):
        lines.append(f"a{n} Add <- {last}, dense_1")
        last = f"a{n}"
    return "\n".join([*lines, f"-> {last}"])


def carried(arranged: Arranged, nets: tuple[Net, ...]) -> list[Wire]:
    """The wires that are drawn, and those that letters stand for."""
    tags = {tag.name: tag for _, tag in things(arranged, Tag)}
    sources = {net.letter: net.source for net in nets}
    found = list(arranged.lettered)
    for _, wire in things(arranged, Wire):
        tag = tags.get(wire.source)
        found.append(replace(wire, source=sources[tag.letter]) if tag else wire)
    return found


def test_what_five_boxes_take_has_a_letter():
    assert nets_of(scene(fan(4), view="full")) == ()
    [net] = nets_of(scene(fan(5), view="full"))
    assert net.letter == "t"
    assert net.source == "dense_1"
    assert net.told == (
        "t: what time_embedding makes, None×8 float32, for a0, a1, a2, a3, a4"
    ).replace("None×8", "(None, 8)")


def test_more_than_five_are_counted():
    [net] = nets_of(scene(fan(9), view="full"))
    assert net.told.endswith("a3, a4 and 4 more")


def test_two_have_two_letters():
    both = "\n".join(
        [
            *["x InputLayer", "time InputLayer", "text InputLayer"],
            *[f"a{n} Add <- {f'a{n - 1}' if n else 'x'}, time, text" for n in range(6)],
            "-> a5",
        ]
    )
    assert [net.letter for net in nets_of(scene(both, view="full"))] == ["t", "e"]


def test_a_letter_stands_at_both_ends():
    made = scene(fan(6), view="full")
    nets = nets_of(made)
    arranged = arrange(made, Layout(nets=nets))
    tags = [tag for _, tag in things(arranged, Tag)]
    assert {(tag.letter, tag.tooltip) for tag in tags} == {("t", nets[0].told)}
    assert len(tags) == 7
    [link] = [link for _, link in things(arranged, Link)]
    assert (link.source, link.target) == ("dense_1", tags[0].name)
    assert all(wire.source != "dense_1" for _, wire in things(arranged, Wire))
    assert Counter(carried(arranged, nets)) == Counter(wires_of(made))


def test_a_letter_stands_in_a_box_whose_inputs_have_places():
    made = scene(PARTS, view="overview", fold="loose")
    nets = nets_of(made)
    arranged = arrange(made, Layout(nets=nets))
    assert [net.letter for net in nets] == ["x"]
    assert arranged.lettered
    said = {box.name: plain_text(box.label) for _, box in things(arranged, Box)}
    before = {box.name: plain_text(box.label) for box in boxes_of(made)}
    for wire in arranged.lettered:
        assert "x" not in before[wire.target].split()
        assert "x" in said[wire.target].split()
    assert Counter(carried(arranged, nets)) == Counter(wires_of(made))


def test_a_tensor_has_the_letter_that_parts_call_it_by():
    made = scene(PARTS, view="overview", fold="loose")
    [net] = nets_of(made)
    boxes = [box for box in boxes_of(made) if box.label.form is Form.PART]
    named = {
        box.name: replace(box, label=with_letters(box.label, {0: "z", 1: "z"})) for box in boxes
    }
    items = tuple(named.get(item.name, item) for item in made.items)
    [other] = nets_of(replace(made, items=items))
    assert (net.letter, other.letter) == ("x", "z")


@tried(100)
@given(random_models(), st.booleans(), st.data())
def test_any_tensors_can_have_letters(graph, overview, data):
    made = scene(graph, view="overview" if overview else "full")
    tensors = sorted({(wire.source, wire.port) for wire in made.wires}, key=str)
    chosen = data.draw(st.lists(st.sampled_from(tensors), unique=True)) if tensors else []
    nets = tuple(Net(*one, f"n{at}", "") for at, one in enumerate(chosen))
    arranged = arrange(made, Layout(nets=nets))
    kept = [wire for wire in carried(arranged, nets) if not wire.source.startswith("//")]
    assert Counter(kept) == Counter(wires_of(made))
    names = [tag.name for _, tag in things(arranged, Tag)]
    assert len(names) == len(set(names))
    assert made.names.isdisjoint(names)


def test_what_stands_side_by_side_has_no_letter():
    lines = ["x InputLayer", *(f"a{n} Dense/{n} <- x" for n in range(6))]
    made = scene("\n".join([*lines, "y Add <- a0, a1, a2, a3, a4, a5", "-> y"]), view="full")
    assert nets_of(made) == ()


def test_where_all_take_all_nothing_has_a_letter():
    lines = ["x InputLayer"]
    for n in range(12):
        before = ", ".join(["x", *(f"a{m}" for m in range(n))])
        lines.append(f"a{n} Concatenate <- {before}")
    assert nets_of(scene("\n".join([*lines, "-> a11"]), view="full")) == ()
