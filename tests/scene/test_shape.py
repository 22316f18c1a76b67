"""The shape of a network is found from its graph, and claimed of nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from sphinxcontrib_kerasgraph.scene.shape import Shape, u_shape


def graph(text: str) -> tuple[list[set[int]], list[str]]:
    """What each item takes, and their names, of a line for each: ``name <- sources``."""
    names: list[str] = []
    sources: list[set[int]] = []
    for line in text.split("\n"):
        name, _, taken = line.strip().partition(" <- ")
        if name:
            sources.append({names.index(one) for one in taken.split()})
            names.append(name)
    return sources, names


def u_of(
    text: str, shapes: list[tuple[int, ...]] | None = None
) -> tuple[list[list[str]], set[str], str]:
    """The rows, what is upwards and the bottom of a U, by names."""
    sources, names = graph(text)
    shape = u_shape(sources, shapes)
    assert shape is not None
    rows = [[names[at] for at in row] for row in shape.rows]
    return rows, {names[at] for at in shape.upwards}, names[shape.bottom]


UNET = """
    image
    down1 <- image
    down2 <- down1
    down3 <- down2
    bottom <- down3
    up3 <- bottom down3
    up2 <- up3 down2
    up1 <- up2 down1
    mask <- up1
    """


def test_nested_skips_are_a_u():
    rows, upwards, bottom = u_of(UNET)
    assert rows == [["down1", "up1"], ["down2", "up2"], ["down3", "up3"]]
    assert upwards == {"up3", "up2", "up1", "mask"}
    assert bottom == "bottom"


def test_what_is_on_the_way_of_a_skip_stands_in_its_row():
    text = UNET.replace("up1 <- up2 down1", "lateral <- down1\nnorm <- lateral\nup1 <- up2 norm")
    rows, upwards, _ = u_of(text)
    assert rows[0] == ["down1", "lateral", "norm", "up1"]
    assert not {"lateral", "norm"} & upwards


def test_several_boxes_may_stand_between_two_skips():
    rows, upwards, bottom = u_of(
        """
        x
        a1 <- x
        b1 <- a1 x
        a2 <- b1
        b2 <- a2 b1
        m <- b2
        n <- m
        o <- n
        u2 <- o b2
        c2 <- u2
        v2 <- c2 u2
        u1 <- v2 b1
        c1 <- u1
        """
    )
    assert rows == [["b1", "u1"], ["b2", "u2"]]
    assert bottom == "n"  # as much of the bottom goes down as up
    assert upwards == {"o", "u2", "c2", "v2", "u1", "c1"}


def test_a_gate_takes_the_skip_and_what_comes_from_below():
    rows, upwards, _ = u_of(
        """
        down1
        down2 <- down1
        bottom <- down2
        gate2 <- bottom down2
        weighed2 <- gate2 down2
        up2 <- bottom weighed2
        gate1 <- up2 down1
        weighed1 <- gate1 down1
        up1 <- up2 weighed1
        """
    )
    assert rows == [["down1", "gate1"], ["down2", "gate2"]]
    assert {"weighed2", "up2", "weighed1", "up1"} <= upwards


def test_the_heads_of_a_pyramid_stand_beside_it():
    rows, upwards, bottom = u_of(
        """
        image
        c3 <- image
        c4 <- c3
        c5 <- c4
        p5 <- c5
        lateral4 <- c4
        p4 <- lateral4 p5
        lateral3 <- c3
        p3 <- lateral3 p4
        head3 <- p3
        head4 <- p4
        head5 <- p5
        found <- head3 head4 head5
        """
    )
    assert rows == [
        ["c3", "lateral3", "p3", "head3"],
        ["c4", "lateral4", "p4", "head4"],
        ["p5", "head5"],
    ]
    assert bottom == "c5"
    assert upwards == {"p5", "p4", "p3"}


def test_what_comes_after_heads_is_no_part_of_the_arm():
    _, upwards, _ = u_of(
        f"""{UNET}
        side <- up2
        both <- mask side
        end <- both
        """
    )
    assert upwards == {"up3", "up2", "up1"}


def test_what_the_right_arm_alone_takes_comes_from_below():
    text = UNET.replace("up2 <- up3 down2", "time\nscale <- time\nup2 <- up3 down2 scale")
    _, upwards, _ = u_of(text)
    assert {"time", "scale"} <= upwards


@pytest.mark.parametrize(
    "text",
    [
        "x\ny <- x\nz <- y",
        "x\na <- x\nb <- a x\nc <- b\nd <- c b",  # one residual block after the other
        "x\na <- x\nb <- a x",  # one skip alone
        "x\na <- x\nb <- a\nm <- b\nu <- m a\nv <- u b",  # they cross
        "x\na <- x\nb <- a\nm <- b\nu <- m a b",  # they end in one place
        "x\na <- x\nm <- a\nu <- m a\nv <- u a",  # they begin in one place
    ],
)
def test_other_skips_are_no_u(text):
    assert u_shape(graph(text)[0]) is None


def test_skips_of_one_shape_are_those_of_residual_blocks():
    sources, names = graph(UNET)
    assert u_shape(sources, [(None, 8)] * len(names)) is None
    assert u_shape(sources, [(None, 32, 32, at) for at, _ in enumerate(names)]) is None
    assert u_shape(sources, [(None, None, None, at) for at, _ in enumerate(names)]) is not None
    assert u_shape(sources, [(None, at) for at, _ in enumerate(names)]) is not None


def test_a_residual_block_at_the_bottom_is_worth_no_level():
    text = UNET.replace(
        "bottom <- down3", "pooled <- down3\nresidual <- pooled\nbottom <- residual pooled"
    )
    sources, names = graph(text)
    sizes = {"down1": 64, "up1": 64, "down2": 32, "up2": 32, "down3": 16, "up3": 16}
    shape = u_shape(sources, [(None, sizes.get(name, 8), 8) for name in names])
    assert shape is not None
    assert len(shape.rows) in {3, 4}
    assert names[shape.bottom] in {"pooled", "residual", "bottom"}


def test_a_residual_block_before_the_bottom_is_no_level():
    sources, names = graph(
        """
        c3
        c4 <- c3
        shortcut <- c4
        block <- c4
        c5 <- shortcut block
        p5 <- c5
        lateral4 <- c4
        p4 <- p5 lateral4
        lateral3 <- c3
        p3 <- p4 lateral3
        """
    )
    sizes = {"c3": 64, "lateral3": 64, "p3": 64, "c4": 32, "lateral4": 32, "p4": 32}
    made = [(None, sizes.get(name, 16), 4 if name == "c3" else 8) for name in names]
    shape = u_shape(sources, made)
    assert shape is not None
    rows = [[names[at] for at in row] for row in shape.rows]
    assert rows == [["c3", "lateral3", "p3"], ["c4", "lateral4", "p4"]]


def test_a_small_part_is_not_the_shape_of_all():
    tail = "\n".join(f"t{n} <- {'mask' if n == 0 else f't{n - 1}'} mask" for n in range(30))
    assert u_shape(graph(f"{UNET}\n{tail}")[0]) is None


@st.composite
def graphs(draw):
    """Acyclic graphs with many skips."""
    number = draw(st.integers(1, 25))
    sources: list[set[int]] = [set()]
    for at in range(1, number):
        more = draw(st.sets(st.integers(0, at - 1), max_size=2))
        sources.append({at - 1} | more if draw(st.booleans()) else more)
    return sources


def _above(sources: list[set[int]], at: int) -> set[int]:
    return {at}.union(*(_above(sources, one) for one in sources[at]))


@tried(300)
@given(graphs() | st.integers(2, 9).map(lambda depth: graph(_deep(depth))[0]))
def test_a_u_is_claimed_for_nested_skips_alone(sources):
    shape = u_shape(sources)
    assert shape == u_shape(list(map(frozenset, sources)))
    if shape is None:
        return
    assert shape.bottom not in shape.upwards
    skips = _skips(shape)
    assert len(skips) >= 2
    for row in shape.rows:
        for one, other in pairwise(row):
            assert one in sources[other]
    for (left, right), (inner_left, inner_right) in pairwise(skips):
        assert left in _above(sources, inner_left)
        assert inner_right in _above(sources, right)
        assert left != inner_left
        assert right != inner_right
    for left, right in skips:
        assert left in _above(sources, shape.bottom)
        assert shape.bottom in _above(sources, right)
        assert left not in shape.upwards
        assert right in shape.upwards
    # What goes up goes on upwards, or to what stands aside.
    for at in shape.upwards:
        assert at not in _above(sources, shape.bottom)


def _skips(shape: Shape) -> list[tuple[int, int]]:
    return [
        (row[0], next(at for at in row if at in shape.upwards))
        for row in shape.rows
        if row[0] != shape.bottom and row[0] not in shape.upwards
    ]


def _deep(depth: int) -> str:
    lines = ["d0"]
    lines += [f"d{n} <- d{n - 1}" for n in range(1, depth + 1)]
    last = f"d{depth}"
    for n in reversed(range(depth)):
        lines.append(f"u{n} <- {last} d{n}")
        last = f"u{n}"
    return "\n".join(lines)


def test_a_deep_u_has_all_its_levels():
    rows, _, bottom = u_of(_deep(40))
    assert len(rows) == 40
    assert bottom == "d40"
