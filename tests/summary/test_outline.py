"""The list of calls for who reads no drawing: each once, in order, and no more than is news."""

from __future__ import annotations

from make_graphs import model
from sphinxcontrib_kerasgraph.summary.outline import Item, outline


def test_each_says_what_is_not_as_expected():
    items = outline(model("x InputLayer\ny Dense <- x\nz Add <- y, x\n-> z"))
    assert [item.text.partition(":")[0] for item in items] == ["x", "y", "z"]
    assert "from" not in items[1].text
    assert items[2].text.endswith("from 2, 1")


def test_what_is_inside_is_a_list_of_its_own():
    graph = model("x InputLayer\nb Block <- x\n    d Dense <- ^\n    -> d\n-> b")
    block = outline(graph)[1]
    assert block.text.startswith("b: Block")
    assert [type(item) for item in block.inside] == [Item]


def test_what_is_inside_of_alike_blocks_is_told_once():
    block = "Block <- {}\n    d Dense <- ^\n    -> d\n"
    text = f"x InputLayer\na {block.format('x')}b {block.format('a')}-> b"
    first, second = outline(model(text))[1:]
    assert first.inside
    assert second.inside == ()
    assert second.text.endswith("inside as a")


def test_a_long_list_tells_once_what_is_repeated_with_the_names_of_all():
    calls = "".join(
        f"c{n} Conv2D/8 <- r{n - 1}\na{n} Add <- r{n - 1}, c{n}\nr{n} ReLU <- a{n}\n"
        for n in range(1, 31)
    )
    text = f"r0 InputLayer\n{calls}-> r30"
    _, repeated = outline(model(text))
    assert repeated.text.startswith("×30 ")
    assert len(repeated.inside) == 3
    names = [f"c{n}" for n in range(1, 31)]
    assert repeated.inside[0].text.startswith(f"{', '.join(names)}: Conv2D")
