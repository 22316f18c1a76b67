"""What the extension adds to the build of a library's documentation when nothing has changed.

Documents the library of the tests by automodule and autosummary, each model with a diagram, and
builds it again, by turns with the extension and without; prints the medians and their ratio, and
those of the processors' time, which other programs disturb less:
``python benchmarks/autodoc.py [RUNS] [real]``. With ``real`` autodoc imports Keras, else a mock.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
CONF = f"""
import sys
sys.path.insert(0, {str(TESTS)!r})
project = "Library"
extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
autodoc_default_options = {{"members": True}}
"""
MOCKED = """
class NoKeras:  # as on a machine without it
    def find_spec(self, name, path=None, target=None):
        if name == "keras":
            raise ImportError(name)

sys.meta_path.insert(0, NoKeras())
autodoc_mock_imports = ["keras"]
"""
OURS = """
extensions.append("sphinxcontrib_kerasgraph")
kerasgraph_autodoc = True
kerasgraph_shapes = {"library.texts.Tagger": {"input_shape": (5,), "input_dtype": "int32"}}
"""
INDEX = """
Library
=======

.. autosummary::
   :toctree: made

   library.tables
   library._images
   library.texts

.. automodule:: library
   :imported-members:
   :no-index:
"""


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    conf = CONF + ("" if "real" in sys.argv else MOCKED)
    with tempfile.TemporaryDirectory() as folder:
        sources = {"without": Path(folder, "without"), "with": Path(folder, "with")}
        for name, source in sources.items():
            source.mkdir()
            (source / "conf.py").write_text(conf + (OURS if name == "with" else ""))
            (source / "index.rst").write_text(INDEX)
            _build(source)
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in sources}
        for _ in range(runs):
            for name, source in sources.items():
                found[name].append(_build(source))
    for at, what in enumerate(("elapsed", "processor")):
        without, ours = (
            statistics.median(one[at] for one in found[name]) for name in ("without", "with")
        )
        print(
            f"{what:10} without {without:6.2f} s   with {ours:6.2f} s   ratio {ours / without:.3f}"
        )


def _build(source: Path) -> tuple[float, float]:
    """The seconds that passed, and those of the processors."""
    begin, used = time.perf_counter(), _used()
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(source), str(source / "_out")],
        check=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""},
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - begin, _used() - used


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
