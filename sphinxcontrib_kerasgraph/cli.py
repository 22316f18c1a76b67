"""The ``kerasgraph`` command: snapshots of the models of a documentation."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMANDS = {
    "snapshot": "Write a snapshot of each model that a page asks for, and remove others.",
    "check": "Compare each model with its snapshot; the exit code is 1 if one differs.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0, 1 if something is wrong, 2 if it can't run."""
    parser = argparse.ArgumentParser(
        prog="kerasgraph",
        description="Snapshots of the Keras models of a Sphinx documentation.",
        epilog="Options of sphinx-build, such as -j, -D and -q, may follow.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, words in _COMMANDS.items():
        command = commands.add_parser(name, help=words, description=words, epilog=parser.epilog)
        command.add_argument("sourcedir", help="the folder of the documentation, with conf.py")
    given, rest = parser.parse_known_args(arguments)

    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory(prefix="kerasgraph-") as folder:
        places = ["-d", str(Path(folder, "doctrees")), given.sourcedir, str(Path(folder, "out"))]
        return build_main(["-b", f"kerasgraph-{given.command}", *rest, *places])
