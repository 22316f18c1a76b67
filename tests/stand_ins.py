"""Programs that stand in for ``dot``, and do what they shouldn't; projects drawn without Keras."""

from __future__ import annotations

import shlex
import stat
from typing import TYPE_CHECKING

from sphinx_project import make_project
from sphinxcontrib_kerasgraph import snapshot
from sphinxcontrib_kerasgraph.target import ModelRequest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sphinx_project import Project
    from sphinxcontrib_kerasgraph.graph import ModelGraph

#: Models can't be built, and so come from their snapshots, without Keras.
DRAWN_FROM_SNAPSHOTS = """
kerasgraph_environment = {"KERAS_BACKEND": "no_such_backend"}
kerasgraph_snapshot_dir = "models"
"""


def program(path: Path, text: str) -> str:
    """An executable shell script."""
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def stand_in(path: Path, dot: str, does: Mapping[str, str]) -> str:
    """A ``dot`` that does something else for graphs in which some text is.

    What it does is told in shell, in which ``$step`` is ``layout``, ``image`` or ``map``, ``real``
    does what ``dot`` does, and ``real -Tpng`` what that does so called.
    """
    cases = "\n".join(f"*{shlex.quote(text)}*) {line} ;;" for text, line in does.items())
    return program(
        path,
        f"""
case $1 in -V) exec {shlex.quote(dot)} -V ;; esac
case $* in *-Tjson0*) step=layout ;; *-Tcmapx*) step=map ;; *) step=image ;; esac
args=$*
code=$(cat)
real() {{ printf '%s' "$code" | {shlex.quote(dot)} ${{1:-$args}}; }}
case $code in
{cases}
esac
real
""",
    )


def project_of(
    folder: Path, graphs: Mapping[str, ModelGraph], conf: str = "", **pages: str
) -> Project:
    """A project whose targets are these models, made without Keras."""
    project = make_project(folder, DRAWN_FROM_SNAPSHOTS + conf, **pages)
    models = project.source / "models"
    models.mkdir()
    for target, graph in graphs.items():
        request = ModelRequest(target)
        text = snapshot.to_text(request, graph)
        models.joinpath(snapshot.file_name(request)).write_text(text, encoding="utf-8")
    return project


def page_of(targets: list[str]) -> tuple[str, dict[str, int]]:
    """A page that shows them, and in which line each is asked for."""
    lines = ["Page", "===="]
    places = {}
    for target in targets:
        lines += ["", f".. keras-model:: {target}"]
        places[target] = len(lines)
    return "\n".join(lines) + "\n", places
