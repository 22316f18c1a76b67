"""Projects drawn by a ``dot`` that fails in many ways, and is mended bit by bit."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from left_behind import watched
from make_graphs import model
from provoked import Provoked
from stand_ins import page_of, project_of, stand_in

if TYPE_CHECKING:
    from sphinx_project import Build, Project

#: In seconds; what hangs takes as long.
TIMEOUT = 3
HANGS = f"took longer than {TIMEOUT} seconds"


def case(what: str, says: str, does: str, step: str = "image") -> tuple[Provoked, str]:
    """What ``dot`` does in that step, by `stand_in`, in words and in shell; and what is told.

    A layout is asked for first, then the image, and for a bitmap its map.
    """
    return Provoked(
        "Graphviz", what, "graphviz", says
    ), f"[ $step = {step} ] && {{ {does}; exit 0; }}"


#: Other models, which ``dot`` draws as it should.
GOOD = ["good1", "good2", "good3"]
NETS = {
    "good1": "x InputLayer\ny Dense <- x\n-> y",
    "good2": "x InputLayer\na Dense <- x\nb Dense <- x\nc Add <- a, b\n-> c",
    "good3": "x InputLayer\na Conv2D/8 <- x\nb ReLU <- a\n-> b",
}


def mark(at: int) -> str:
    """What is in the DOT of a graph for which it fails."""
    return f"q{at}q"


def project_with(folder, faults, conf=""):
    """A project with models for which ``dot`` fails, among others; where each is asked for."""
    graphs = {f"mod_nets.{name}": model(text) for name, text in NETS.items()}
    targets = {}
    for at, fault in enumerate(faults):
        targets[fault] = f"mod_nets.bad{at}"
        graphs[targets[fault]] = model(f"{mark(at)} InputLayer\ny Dense <- {mark(at)}\n-> y")
    shown = [*targets.values()]
    for at, name in enumerate(GOOD):  # among them
        shown.insert(at * len(targets) // 2 + at, f"mod_nets.{name}")
    index, lines = page_of(shown)
    project = project_of(folder, graphs, f"kerasgraph_timeout = {TIMEOUT}\n{conf}", index=index)
    return project, {fault: f"index.rst:{lines[target]}" for fault, target in targets.items()}


#: What takes all of its time is mended first, or each further build would take it.
SLOW = (HANGS, "wrote without end")


@dataclass
class Built:
    """Builds of a project, one after the other, with a ``dot`` that is mended bit by bit."""

    project: Project
    places: dict[Provoked, str]
    first: Build
    again: Build
    mended: Build
    alone: Build


def built(folder, dot, faults, builder="html", conf="", *, again=False) -> Built:
    """The project built with all faults, ``again`` with those that are quick, and with none."""
    project, places = project_with(folder, faults, conf)
    does = {mark(at): text for at, text in enumerate(faults.values())}
    slow = [mark(at) for at, fault in enumerate(faults) if fault.says in SLOW]
    made = []
    with watched(folder) as environment:
        quick = {one: does[one] for one in does if one not in slow}
        for left in (does, quick, {}) if again else (does, {}):
            faulty = stand_in(folder / "faulty", dot, left)
            options = ("-j", "2", "-D", f"graphviz_dot={faulty}")
            build = project.build(builder, *options, env=environment)
            shutil.copytree(build.folder, folder / f"made{len(made)}")
            made.append(replace(build, folder=folder / f"made{len(made)}"))
            # Nothing is left of what was begun.
            assert [
                *made[-1].folder.rglob(".*ished*"),
                *made[-1].folder.rglob(".kerasgraph*"),
            ] == []
            if left is does:  # as the next build finds it
                kept = [*project.source.parent.rglob("kerasgraph/drawings/*")]
                assert len(kept) == len(GOOD) * (builder != "text")
    (folder / "alone").mkdir()
    alone, _ = project_with(folder / "alone", {}, conf)
    return Built(project, places, made[0], made[-2], made[-1], alone.build(builder))
