"""What differs between twenty pairs of models, as a person would state it, and as we do.

``python benchmarks/pairs.py`` writes ``docs/howto/pairs.csv``; ``--pictures FOLDER`` also draws
all, as pages do.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
# This tree is measured, wherever the package is installed from; `twenty_pairs` is in tests/.
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from sphinxcontrib_kerasgraph.diff import ModelDiff, write  # noqa: E402
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz  # noqa: E402
from sphinxcontrib_kerasgraph.options import DrawOptions  # noqa: E402
from twenty_pairs import PAIRS, as_table, graphs  # noqa: E402

TABLE = ROOT / "docs" / "howto" / "pairs.csv"


def main() -> None:
    """Write the table, and draw the pairs if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, help="the folder that they are drawn into")
    pictures = parser.parse_args().pictures
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(as_table())
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        for name in PAIRS:
            path = str(pictures / f"{name}.svg")
            write(ModelDiff.of(*graphs(name)), DrawOptions(), 2, path, Graphviz())


if __name__ == "__main__":
    main()
