"""``kerasgraph snapshot`` and ``check``: builds of a documentation that write no pages."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.cli.command import Command

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from sphinxcontrib_kerasgraph.cli.terminal import Terminal


def _add_arguments(parser: ArgumentParser) -> None:
    words = "the folder of the documentation, with conf.py"
    parser.add_argument("sourcedir", metavar="SOURCEDIR", help=words)


def _run(builder: str, given: Namespace, _: Terminal) -> int:
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory(prefix="kerasgraph-") as folder:
        places = ["-d", str(Path(folder, "doctrees")), given.sourcedir, str(Path(folder, "out"))]
        return build_main(["-b", builder, *given.rest, *places])


_USAGE = "SOURCEDIR [OPTIONS OF SPHINX-BUILD]"
_KEPT = "Keep what was built for the next time:", "docs -D kerasgraph_cache_dir=_kerasgraph_cache"

SNAPSHOT = Command(
    name="snapshot",
    summary="Write a snapshot of each model that a page asks for, and remove others.",
    usage=_USAGE,
    examples=(("All of a documentation:", "docs"), ("Quietly, four at once:", "docs -q -j 4")),
    exit_codes="1 if a model can't be built; 2 if the command, or Sphinx, can't run.",
    add_arguments=_add_arguments,
    run=partial(_run, "kerasgraph-snapshot"),
    passes_on=True,
)
CHECK = Command(
    name="check",
    summary="Compare each model of a documentation with its snapshot.",
    usage=_USAGE,
    examples=(("In continuous integration:", "docs -q"), _KEPT),
    exit_codes="1 if a model differs from its snapshot, has none, or can't be built; 2 if the "
    "command, or Sphinx, can't run.",
    add_arguments=_add_arguments,
    run=partial(_run, "kerasgraph-check"),
    passes_on=True,
)
