"""What ``kerasgraph draw`` takes with the graph in the cache.

``python benchmarks/command.py [RUNS]`` draws a small model into an SVG again and again, each time
by a process of its own, and prints the medians: of all, of the time of the processor, and of the
imports alone.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
COMMAND = "import sys; from sphinxcontrib_kerasgraph.cli import main; sys.exit(main())"
IMPORTS = (
    "import sphinxcontrib_kerasgraph.cli.operands, sphinxcontrib_kerasgraph.draw.files, "
    "sphinxcontrib_kerasgraph.cli"
)


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder:
        draw = ["draw", "zoo.first.branches", "-o", str(Path(folder, "model.svg")),
                "--cache-dir", str(Path(folder, "cache"))]  # fmt: skip
        _seconds(COMMAND, *draw)  # builds the model, and compiles what is imported
        dot = shutil.which("dot") or "dot"
        times: dict[str, list[float]] = {"all": [], "processor": [], "python": [], "imports": []}
        for _ in range(runs):
            before = os.times()
            times["all"].append(_seconds(COMMAND, *draw))
            after = os.times()
            used = after.children_user + after.children_system
            times["processor"].append(used - before.children_user - before.children_system)
            times["python"].append(_seconds("pass"))
            times["imports"].append(_seconds(IMPORTS))
        begin = time.perf_counter()
        subprocess.run([dot, "-V"], capture_output=True, check=False)
        start_of_dot = time.perf_counter() - begin
    median = {name: statistics.median(values) * 1000 for name, values in times.items()}
    print(f"kerasgraph draw, from the cache     {median['all']:7.1f} ms")
    print(f"  of the processor                  {median['processor']:7.1f} ms")
    print(f"  Python and the imports            {median['imports']:7.1f} ms")
    print(f"Python alone                        {median['python']:7.1f} ms")
    print(f"dot -V                              {start_of_dot * 1000:7.1f} ms")


def _seconds(code: str, *args: str) -> float:
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}  # an installed package is compiled
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *args], cwd=TESTS, env=environment, check=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
