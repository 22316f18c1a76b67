"""What the extension adds to the build of a library's documentation when nothing has changed.

Documents the library of the tests by automodule and autosummary, each model with a diagram, builds
it again, and prints the medians of the processor's time: of the whole build without the extension,
and of the extension's own share, its setup and all that Sphinx calls it for. Whole builds differ
by more: ``python benchmarks/autodoc.py [RUNS] [real]``. With ``real`` autodoc and autosummary
import Keras, else a mock.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
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


BUILD = """
import sys, time
from sphinx.cmd.build import build_main
from sphinx.events import EventManager
from sphinx.registry import SphinxComponentRegistry

ours = 0.0

def timed(function):
    def call(*args, **kwargs):
        global ours
        begin = time.process_time()
        try:
            return function(*args, **kwargs)
        finally:
            ours += time.process_time() - begin
    return call

def load_extension(self, app, name, load=SphinxComponentRegistry.load_extension):
    (timed(load) if name == "sphinxcontrib_kerasgraph" else load)(self, app, name)

def connect(self, name, callback, priority, connect=EventManager.connect):
    is_ours = callback.__module__.startswith("sphinxcontrib_kerasgraph")
    return connect(self, name, timed(callback) if is_ours else callback, priority)

SphinxComponentRegistry.load_extension = load_extension
EventManager.connect = connect
assert build_main(["-q", "-b", "html", sys.argv[1], sys.argv[1] + "/_out"]) == 0
print(time.process_time(), ours)
"""


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    conf = CONF + ("" if "real" in sys.argv else MOCKED)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "conf.py").write_text(conf + OURS)
        Path(folder, "index.rst").write_text(INDEX)
        _build(folder)
        found = [_build(folder) for _ in range(runs)]
    without = statistics.median(total - ours for total, ours in found)
    ours = statistics.median(ours for _, ours in found)
    print(f"the build without the extension  {without:6.3f} s")
    print(f"the extension in it              {ours:6.3f} s")
    print(f"ratio                            {1 + ours / without:6.3f}")


def _build(source: str) -> tuple[float, float]:
    """The seconds of the processor, and those of them that are the extension's."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, source],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""},  # an installed package is compiled
    )
    total, ours = done.stdout.split()[-2:]
    return float(total), float(ours)


if __name__ == "__main__":
    main()
