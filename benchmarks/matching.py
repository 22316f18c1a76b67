"""What it takes to match the calls of two models, of so many calls each; without Keras.

.venv/bin/python benchmarks/matching.py [1000 ...]
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from typing import TYPE_CHECKING

from edit_graphs import chain
from sphinxcontrib_kerasgraph.compare import compared

if TYPE_CHECKING:
    from collections.abc import Callable

CLASSES = ["Conv2D", "BatchNormalization", "ReLU", "Dense", "Dropout", "MaxPooling2D"]
Layers = list[tuple[str, int]]


def same(size: int) -> tuple[Layers, Layers]:
    """One class throughout, a tenth more of it."""
    return [("Dense", 8)] * size, [("Dense", 8)] * (size + size // 10)


def blocks(size: int) -> tuple[Layers, Layers]:
    """Blocks of three layers, half of them twice as many times."""
    block: Layers = [("Conv2D", 8), ("BatchNormalization", 0), ("ReLU", 0)]
    return block * (size // 3), block * (size // 6) + [("Dropout", 1)] + block * (size // 6)


def edited(size: int) -> tuple[Layers, Layers]:
    """Layers of many kinds, one in ten of them another, more or gone."""
    dice = random.Random(0)
    old = [(dice.choice(CLASSES), dice.randrange(20)) for _ in range(size)]
    new: Layers = []
    for one in old:
        way = dice.randrange(30)
        if way:
            new.append((one[0], 99) if way == 1 else one)
        if way == 2:
            new.append(("ELU", 0))
    return old, new


def moved(size: int) -> tuple[Layers, Layers]:
    """Layers each of its own size, in another order."""
    old: Layers = [("Dense", at) for at in range(size)]
    return old, random.Random(0).sample(old, size)


def unrelated(size: int) -> tuple[Layers, Layers]:
    """Two of which nothing is the same but classes."""
    dice = random.Random(0)
    old = [(dice.choice(CLASSES), dice.randrange(10**6)) for _ in range(size)]
    return old, [(dice.choice(CLASSES), dice.randrange(10**6)) for _ in range(size)]


CASES: list[Callable[[int], tuple[Layers, Layers]]] = [same, blocks, edited, moved, unrelated]


def main(sizes: list[int]) -> None:
    """Print a table: seconds of the processor, by case and size."""
    print(f"{'':12}" + "".join(f"{size:>8}" for size in sizes))
    for case in CASES:
        taken = []
        for size in sizes:
            old, new = (chain(layers) for layers in case(size))
            started = time.process_time()
            compared(old, new)
            taken.append(time.process_time() - started)
        print(f"{case.__name__:12}" + "".join(f"{one:8.2f}" for one in taken))


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [500, 1000, 2000, 4000])
