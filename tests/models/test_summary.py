"""Tables of layers against those that Keras prints itself."""

from __future__ import annotations

import inspect

import keras
import pytest

from effort import slow_but
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.options import FoldOptions, SelectOptions
from sphinxcontrib_kerasgraph.summary.table import summarize
from sphinxcontrib_kerasgraph.summary.totals import size_text

#: In half a minute; the others take minutes.
FEW = {"VGG16", "ResNet50", "MobileNetV3Small", "EfficientNetV2B0", "ConvNeXtTiny"}
NAMES = sorted(
    name
    for name, function in vars(keras.applications).items()
    if inspect.isfunction(function) and name[0].isupper()
)
CASES = slow_but(FEW, NAMES)


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch):
    """Rich cuts what is wider than the terminal."""
    monkeypatch.setenv("COLUMNS", "400")


def printed(model: keras.Model) -> str:
    """What Keras prints of the model, wide enough for every name."""
    found: list[str] = []
    model.summary(print_fn=lambda text, **_: found.append(text), line_length=400)
    return "\n".join(found)


def rows_in(text: str) -> list[tuple[str, str, str, str]]:
    """Name, class, shape and number of weights of each row of Keras's table."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.replace("|", "│").split("│")[1:-1]]
        if len(cells) >= 3 and cells[0].endswith(")"):
            name, _, of_class = cells[0].rpartition(" (")
            found.append((name, of_class.removesuffix(")"), cells[1], cells[2]))
    return found


def totals_in(text: str) -> dict[str, str]:
    """The lines below the table."""
    lines = (line.strip().partition(": ") for line in text.splitlines() if "params: " in line)
    return {name: number for name, _, number in lines}


@pytest.mark.parametrize("name", CASES)
def test_rows_and_totals_are_those_of_keras(name):
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, name)(weights=None)
    text = printed(model)
    columns = ["name", "class", "shape", "params"]
    found = summarize(model_to_graph(model), SelectOptions(), FoldOptions(), columns)
    # Branches stay together, where Keras tells them by turns.
    assert sorted(line.texts for line in found.lines()) == sorted(rows_in(text))
    numbers, memory = found.totals.parameters, found.totals.memory
    size = size_text(sum(memory.values()))
    told = totals_in(text)
    assert told["Total params"] == f"{numbers.total:,} ({size})"
    assert told["Trainable params"].startswith(f"{numbers.trainable:,} (")
    assert told["Non-trainable params"].startswith(f"{numbers.total - numbers.trainable:,} (")
