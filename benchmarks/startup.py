"""What the extension adds to the start of Sphinx when no page asks for a model.

Starts Sphinx on an empty project, by turns without and with the extension, each in a process of
its own, and prints the medians and their ratio: ``python benchmarks/startup.py [RUNS]``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

START = """
import sys, time
begin = time.perf_counter()
from sphinx.application import Sphinx
source, extensions = sys.argv[1], sys.argv[2:]
app = Sphinx(source, None, source + "/out", source + "/doctrees", "html", status=None,
             freshenv=True, confoverrides={"extensions": ["sphinx.ext.graphviz"] + extensions})
print(time.perf_counter() - begin)
"""
SETUP = """
import sys, time
from sphinx.application import Sphinx
source = sys.argv[1]
app = Sphinx(source, None, source + "/out", source + "/doctrees", "html", status=None,
             freshenv=True, confoverrides={"extensions": ["sphinx.ext.graphviz"]})
begin = time.perf_counter()
app.setup_extension("sphinxcontrib_kerasgraph")
print(time.perf_counter() - begin)
"""


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "conf.py").write_text("")
        Path(folder, "index.rst").write_text("Empty\n=====\n")
        times: dict[str, list[float]] = {"without": [], "with": [], "setup": []}
        for _ in range(runs):
            times["without"].append(_seconds(START, folder))
            times["with"].append(_seconds(START, folder, "sphinxcontrib_kerasgraph"))
            times["setup"].append(_seconds(SETUP, folder))
    median = {name: statistics.median(values) * 1000 for name, values in times.items()}
    print(f"Sphinx's start without the extension  {median['without']:7.1f} ms")
    print(f"Sphinx's start with the extension     {median['with']:7.1f} ms")
    print(f"ratio                                 {median['with'] / median['without']:7.3f}")
    print(f"import and setup() alone              {median['setup']:7.1f} ms")


def _seconds(code: str, *args: str) -> float:
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}  # an installed package is compiled
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    return float(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
