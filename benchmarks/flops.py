"""The operations of all of keras.applications, as we count them and as TensorFlow's profiler does.

``python benchmarks/flops.py`` writes ``docs/howto/flops.csv``; ``--only NAME`` the lines of some,
and prints what the profiler counts by types of operations. No weights are made; it takes minutes.
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


def row(name: str, *, details: bool = False) -> dict[str, str]:
    """The line of the table for a model."""
    model = application(name)
    work = model_work(model_to_graph(model))
    counted = profiled(model)
    if details:
        print(dict(counted))
    if not work.complete:
        raise SystemExit(f"{name}: not all is known")
    total = sum(counted.values())
    sides = "×".join(map(str, model.input_shape[1:3]))
    billions = (f"{one / 1e9:,.3f}" for one in (work.amount.known, work.arithmetic, total))
    difference = f"{work.arithmetic / total - 1:+.2%}"
    return dict(zip(HEAD, (name, sides, *billions, difference), strict=True))


def main() -> None:
    """Write the table, or some of its lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="a model whose line is to be written")
    only = parser.parse_args().only
    lines = {}
    if only and TABLE.is_file():
        with TABLE.open(encoding="utf-8") as file:
            lines = {line["Model"]: line for line in csv.DictReader(file)}
    for name in only or applications():
        lines[name] = row(name, details=bool(only))
        print(*lines[name].values(), flush=True)
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEAD, lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines[one] for one in applications() if one in lines)
    worst = max(lines.values(), key=lambda line: abs(float(line["Difference"].rstrip("%"))))
    print(f"differs by {worst['Difference']} at most: {worst['Model']}")


if __name__ == "__main__":
    main()
