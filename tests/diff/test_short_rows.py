"""A row for a run of calls that are added or removed, in place of a row for each."""

from __future__ import annotations

from compared_models import two
from make_graphs import model
from sphinxcontrib_kerasgraph.diff import ModelDiff
from sphinxcontrib_kerasgraph.graph import ModelGraph


def of(blocks: int, classes: int = 10) -> ModelGraph:
    text, last = "x InputLayer\nconv Conv2D/8 <- x\n", "conv"
    for at in range(1, blocks + 1):
        text += f"block{at}_conv Conv2D/{at} <- {last}\nblock{at}_relu ReLU <- block{at}_conv\n"
        last = f"block{at}_relu"
    return model(f"{text}end Dense/{classes} <- {last}\n-> end")


def test_blocks_have_one_row():
    diff = ModelDiff.of(of(2), of(6, classes=9))
    [run] = (row for row in diff.short_rows if row.run)
    [other] = (row for row in diff.short_rows if not row.run)
    assert run.cells == (
        "block3 … block6",
        "4 × 2 calls, ×2 → ×6, after block2_relu",
        "",
        "",
    )
    assert run.what == "added"
    assert [row.call for row in run.run][:3] == ["block3_conv", "block3_relu", "block4_conv"]
    assert (other.call, other.what) == ("end", "changed")
    assert len(diff.rows) == 9


def test_removed_calls_without_blocks_have_one_row():
    calls = "a Dense <- x\nb ReLU <- a\nc Dropout <- b\nd Conv2D <- c\n"
    diff = ModelDiff.of(
        model(f"x InputLayer\n{calls}e Softmax <- d\n-> e"),
        model("x InputLayer\ne Softmax <- x\n-> e"),
    )
    [row] = (row for row in diff.short_rows if row.run)
    assert row.cells[:2] == ("a … d", "4 calls (Dense → ReLU → Dropout → Conv2D), after x")
    assert row.place == ("a … d", None)


def test_few_calls_have_rows_of_their_own():
    assert two().short_rows == two().rows
