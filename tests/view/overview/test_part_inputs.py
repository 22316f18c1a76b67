"""What the inputs of parts are called: the same tensor the same everywhere."""

from __future__ import annotations

from make_graphs import model
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.part_inputs import names_of_inputs
from sphinxcontrib_kerasgraph.view.overview.parts import parts_of, set_apart

#: Two parts that take data and the time.
BLOCK = """
{n}a Conv2D <- {x}
{n}b Dense <- {t}
{n}c Add <- {n}a, {n}b
{n}d Conv2D <- {n}c
{n}e Softmax <- {n}d
{n}f Add <- {x}, {n}e
"""
OTHER = """
{n}b Dense <- {t}
{n}a Conv2D <- {x}
{n}c Maximum <- {n}b, {n}a
{n}d Conv2D <- {n}c
{n}e Tanh <- {n}d
{n}f Maximum <- {n}e, {x}
"""


def names(text: str) -> dict[str, tuple[str, ...]]:
    graph = set_apart(fold(model(text)), exact=True).graph
    assert parts_of(graph).keys() == names_of_inputs(graph).keys()
    return names_of_inputs(graph)


def blocks(*texts: str, time: str = "s") -> str:
    """Blocks in a row that all take the time; layers of other classes are between them."""
    lines = ["image InputLayer", "time InputLayer", "s Dense <- time", "first Cut <- image"]
    last = "first"
    for n, text in enumerate(texts):
        taken = time.replace("{n}", str(n))
        if taken != "s":
            lines.append(f"{taken} Scale{n} <- s")
        lines.append(text.replace("{n}", f"n{n}").replace("{x}", last).replace("{t}", taken))
        lines.append(f"o{n} {'ABCDEF'[n]}x <- n{n}f")
        last = f"o{n}"
    return "\n".join([*lines, f"-> {last}"])


def test_the_main_input_has_no_name_and_a_tensor_is_called_the_same_in_all_parts():
    assert names(blocks(BLOCK, BLOCK, OTHER, OTHER)) == {"A": ("", "t"), "B": ("", "t")}


def test_what_is_another_tensor_at_each_place_is_called_the_same_in_all_parts():
    text = blocks(BLOCK, BLOCK, OTHER, OTHER, time="z{n}")
    assert names(text) == {"A": ("", "a"), "B": ("", "a")}


def test_without_parts_there_are_no_names():
    assert names_of_inputs(fold(model("x InputLayer\n-> x")).graph) == {}


def test_a_part_that_takes_nothing_has_no_names():
    lines, last = ["x InputLayer"], "x"
    for n in range(8):
        lines += [
            f"w{n} Custom",
            f"a{n} Dense <- w{n}",
            f"b{n} Conv2D <- w{n}",
            f"c{n} Weird <- b{n}, a{n}",
            f"d{n} Odd <- c{n}",
            f"e{n} Blah <- c{n}",
            f"f{n} Add <- d{n}, e{n}",
            f"k{n} K{n} <- {last}, f{n}",
        ]
        last = f"k{n}"
    assert names("\n".join([*lines, f"-> {last}"])) == {"A": ()}
