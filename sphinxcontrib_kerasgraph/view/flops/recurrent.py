"""Recurrent layers and their cells, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from sphinxcontrib_kerasgraph.view.flops.elementwise import activated
from sphinxcontrib_kerasgraph.view.flops.leaf import Leaf, Rule, known, last, size
from sphinxcontrib_kerasgraph.view.flops.work import Work


@dataclass(frozen=True)
class _Cell:
    """What a step takes for each unit, beside its products."""

    #: How many matrices of the size of the state there are.
    gates: int
    #: How often the activation is taken, and that of the gates.
    activations: int
    gatings: int
    #: Additions and multiplications, biases left out.
    arithmetic: int


_CELLS = {
    "SimpleRNN": _Cell(1, 1, 0, 1),
    # Three sums; the state by a gate, and the old and the new one, mixed by another.
    "GRU": _Cell(3, 1, 2, 3 + 1 + 4),
    # Four sums; the old and the new one by two gates, summed up; and by the third.
    "LSTM": _Cell(4, 2, 3, 4 + 3 + 1),
}
_DEFAULTS = ("tanh", "sigmoid")


def _each_unit(leaf: Leaf, cell: _Cell, biases: int) -> Work:
    """What a step takes for each unit, or each place of one, beside its products."""
    activation, gate = (
        leaf.config.get(name, default) if isinstance(leaf.config.get(name, default), str) else "?"
        for name, default in zip(("activation", "recurrent_activation"), _DEFAULTS, strict=True)
    )
    work = Work(cell.arithmetic + biases * leaf.has("use_bias", default=True))
    work += activated(activation, cell.activations)
    return work + activated(gate, cell.gatings) if cell.gatings else work


def _recurrent(cell: _Cell) -> Rule:
    def counted(leaf: Leaf) -> Work:
        units, features = leaf.whole("units"), last(leaf.taken)
        steps = size(leaf.taken) // features
        # Keras's GRU has two for each gate, unless the reset gate comes before the product.
        twice = cell.gates == _CELLS["GRU"].gates and leaf.has("reset_after", default=True)
        each = _each_unit(leaf, cell, cell.gates * (1 + twice))
        return (Work(2 * cell.gates * (features + units)) + each) * (steps * units)

    return counted


def _convolutional(leaf: Leaf) -> Work:
    """An LSTM whose products are convolutions, at each place of the image that comes out."""
    cell, filters = _CELLS["LSTM"], leaf.whole("filters")
    first = leaf.channels_first
    channels = known(leaf.taken.shape[2 if first else -1])
    window = leaf.window("kernel_size")
    steps = known(leaf.taken.shape[1])
    units = size(leaf.made) // (steps if leaf.has("return_sequences") else 1)
    products = Work(2 * cell.gates * window * (channels + filters))
    return (products + _each_unit(leaf, cell, cell.gates)) * (steps * units)


LAYERS: dict[str, Rule] = {
    **{name: _recurrent(cell) for name, cell in _CELLS.items()},
    **{f"{name}Cell": _recurrent(cell) for name, cell in _CELLS.items()},
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), _convolutional),
}
