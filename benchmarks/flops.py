"""The operations of all of keras.applications, as we count them and as TensorFlow's profiler does.

``python benchmarks/flops.py`` writes ``docs/howto/flops.csv``; ``--only NAME`` prints a part, with
what the profiler counts by types of operations. No weights are made; it takes some minutes.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
# This tree is measured, wherever the package is installed from; `profiled` is in tests/.
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from profiled import application, applications, profiled  # noqa: E402
from sphinxcontrib_kerasgraph import model_to_graph  # noqa: E402
from sphinxcontrib_kerasgraph.view.flops import model_work  # noqa: E402

TABLE = ROOT / "docs" / "howto" / "flops.csv"
HEAD = ("Model", "Input", "FLOPs", "Arithmetic", "Profiler", "Difference")


def row(name: str, *, details: bool = False) -> tuple[tuple[str, ...], float]:
    """The line of the table for a model, and by how much the numbers differ."""
    model = application(name)
    work = model_work(model_to_graph(model))
    counted = profiled(model)
    total = sum(counted.values())
    difference = work.arithmetic / total - 1
    if details:
        print(counted)
    if not work.complete:
        raise SystemExit(f"{name}: not all is known")
    sides = "×".join(map(str, model.input_shape[1:3]))
    numbers = (work.amount.known, work.arithmetic, total)
    return (
        name,
        sides,
        *(f"{one / 1e9:,.3f}" for one in numbers),
        f"{difference:+.2%}",
    ), difference


def main() -> None:
    """Write the table, or print a part of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="models to print instead")
    only = parser.parse_args().only
    rows = []
    worst = 0.0
    for name in only or applications():
        line, difference = row(name, details=bool(only))
        rows.append(line)
        worst = max(worst, abs(difference))
        print(*line, flush=True)
    print(f"differs by {worst:.2%} at most")
    if not only:
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([HEAD, *rows])


if __name__ == "__main__":
    main()
