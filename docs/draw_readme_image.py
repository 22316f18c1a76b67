"""Draw the picture of the README, with Graphviz's ``dot`` or the pip-installed one."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))


def main() -> None:
    from sphinxcontrib_kerasgraph import model_to_dot
    from zoo.first import branches

    program = shutil.which("dot") or shutil.which("graphviz-pure", path=Path(sys.executable).parent)
    dot = model_to_dot(branches(), show_shapes=True, rankdir="LR")
    dot.write(HERE / "images" / "branches.svg", prog=program, format="svg")


main()
