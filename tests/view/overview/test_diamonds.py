"""What comes back to the tensor that it is made of is drawn once, apart."""

from __future__ import annotations

from hypothesis import given

from effort import tried
from make_graphs import model, random_models
from sphinxcontrib_kerasgraph.graph import CallGraph
from sphinxcontrib_kerasgraph.view.boxes import number_of_boxes as boxes
from sphinxcontrib_kerasgraph.view.overview.diamonds import set_diamonds_apart
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse
from sphinxcontrib_kerasgraph.view.overview.parts import lettered, parts_of
from sphinxcontrib_kerasgraph.view.overview.unfold import unfold

#: As squeeze-and-excite: from a tensor back to it.
GATE = """
{n}p Mean <- {x}
{n}s Conv2D/{size} <- {n}p
{n}r ReLU <- {n}s
{n}e Conv2D/{size} <- {n}r
{n}h Sigmoid <- {n}e
{n}m Multiply <- {x}, {n}h
"""


def gate(name: str, source: str, size: object = 8, text: str = GATE) -> str:
    return text.replace("{n}", name).replace("{x}", source).replace("{size}", str(size))


def gates(number: int, size=lambda _: 8, text: str = GATE) -> str:
    """So many gates, each after a call of a class of its own, lest they be folded."""
    lines, last = ["x InputLayer"], "x"
    for n in range(number):
        lines += [f"o{n} {'Abcdefgh'[n].upper()}x <- {last}", gate(f"g{n}", f"o{n}", size(n), text)]
        last = f"g{n}m"
    return "\n".join([*lines, f"-> {last}"])


def apart(text: str, *, exact: bool = False) -> CallGraph:
    graph = model(text)
    view = set_diamonds_apart(fold(graph, exact=exact), exact=exact)
    assert unfold(view) == graph
    assert unfold(fuse(view)) == graph
    return view.graph


def found(graph: CallGraph) -> dict[str, list[str]]:
    """The calls of each part in its places."""
    return {
        letter: [" ".join(one.id for one in call.bodies[0].calls) for call in calls]
        for letter, calls in parts_of(graph).items()
    }


def test_a_gate_in_several_places_has_a_letter():
    graph = apart(gates(4))
    assert found(graph) == {"A": [f"g{n}p g{n}s g{n}r g{n}e g{n}h g{n}m" for n in range(4)]}
    # It takes one tensor, and makes one.
    parts = [call for call in graph.calls if call.group]
    assert [(len(call.inputs), len(call.outputs)) for call in parts] == [(1, 1)] * 4
    assert [call.id.split()[0] for call in graph.calls] == [
        "x", "o0", "g0p", "o1", "g1p", "o2", "g2p", "o3", "g3p",
    ]  # fmt: skip


def test_a_gate_in_two_places_is_drawn_there():
    more = GATE.replace("{n}h Sigmoid <- {n}e", "{n}f Dense <- {n}e\n{n}h Sigmoid <- {n}f")
    assert found(apart(gates(2, text=more))) == {}
    assert found(apart(gates(3, text=more))).keys() == {"A"}


def test_numbers_may_differ_unless_it_is_to_be_exact():
    assert found(apart(gates(4, size=lambda n: 8 + n))).keys() == {"A"}
    assert found(apart(gates(4, size=lambda n: 8 + n), exact=True)) == {}


def test_what_differs_in_more_than_can_be_told_is_drawn_where_it_is():
    more = GATE.replace("p Mean", "p Pool/{size}").replace("h Sigmoid", "h Sigmoid/{size}")
    assert found(apart(gates(4, text=more))).keys() == {"A"}
    assert found(apart(gates(4, size=lambda n: 8 + n, text=more))) == {}


def test_what_something_else_takes_from_is_no_part():
    places = found(apart(gates(6).replace("-> g5m", "-> g5m, g1s")))["A"]
    assert [place[:2] for place in places] == ["g0", "g2", "g3", "g4", "g5"]


def test_what_takes_two_tensors_is_no_part():
    more = GATE.replace("{n}e Conv2D/{size} <- {n}r", "{n}e Conv2D/{size} <- {n}r, x")
    assert found(apart(gates(4, text=more))) == {}


def test_a_constant_inside_belongs_to_it():
    inside = GATE.replace("{n}h Sigmoid <- {n}e", "{n}k Constant\n{n}h Add <- {n}e, {n}k")
    assert all("k" in place for place in found(apart(gates(4, text=inside)))["A"])


def test_letters_go_in_the_order_of_the_drawing_and_those_inside_come_last():
    graph = model(gates(4))
    view = set_diamonds_apart(fold(graph), exact=True)
    [first, *_] = [call for call in view.graph.calls if call.group]
    assert first.group.letter == "A"
    assert lettered(view) == view


@tried(60)
@given(random_models())
def test_nothing_is_lost(graph):
    for exact in (True, False):
        view = set_diamonds_apart(fold(graph, exact=exact), exact=exact)
        assert unfold(view) == unfold(fuse(lettered(view))) == graph
        parts = parts_of(view.graph)
        assert boxes(view.graph) <= boxes(fold(graph, exact=exact).graph) + len(parts)
