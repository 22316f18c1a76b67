"""Whatever was edited, a build makes what one without a past makes, in every builder.

A few edits here; ``KERASGRAPH_EDITS=500`` makes more of them, ``KERASGRAPH_SEED`` others.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from edited_project import EditedProject
from fork_hosts import hosts

EDITS = int(os.environ.get("KERASGRAPH_EDITS", "20"))
SEED = int(os.environ.get("KERASGRAPH_SEED", "1"))
BUILDERS = (6, "html"), (2, "dirhtml"), (1, "singlehtml"), (1, "text"), (2, "latex")

#: Sphinx's own: a hash of its settings, folders with times; and, in the order in which pages were
#: read, words for the search.
_OF_SPHINX = {".buildinfo", "searchindex.js", "environment.pickle", "objects.inv"}
#: Sphinx doesn't write pages again whose neighbours in the table of contents are others.
_NEIGHBOURS = re.compile(
    '\\s*<link rel="(?:next|prev)"[^>]*>|<div class="related".*?</div>'
    "|<h4>(?:Next|Previous) topic.*?</p>",
    re.DOTALL,
)
#: When Graphviz drew it.
_DRAWN = re.compile(rb"/CreationDate \([^)]*\)")
#: What is wrong is said by each build until it is mended.
_WARNING = re.compile(r"^.*WARNING: .*$", re.MULTILINE)


def made(folder: Path) -> dict[str, bytes]:
    """All that a build has made, by name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name in _OF_SPHINX:
            continue
        content = path.read_bytes()
        if path.suffix == ".html":
            content = _NEIGHBOURS.sub("", content.decode()).encode()
        elif path.suffix == ".pdf":
            content = _DRAWN.sub(b"", content)
        found[str(path.relative_to(folder))] = content
    return found


def difference(found: Path, clean: Path) -> str:
    """In what the first differs from what a clean build made; what that hasn't may be left."""
    here, there = made(found), made(clean)
    missing = [name for name in there if name not in here]
    other = [name for name in there if name in here and here[name] != there[name]]
    if not missing and not other:
        return ""
    lines = [f"missing: {missing}", f"other: {other}"]
    for name in other[:2]:
        pairs = zip(here[name].splitlines(), there[name].splitlines(), strict=False)
        lines += [f"{name}:\n-{a[:300]!r}\n+{b[:300]!r}" for a, b in pairs if a != b][:4]
    return "\n".join(lines)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="builds are forks")
def test_builds_are_in_step(tmp_path, dot):
    project = EditedProject(tmp_path, SEED)
    seconds = {"the build": 0.0, "a clean build": 0.0}
    with hosts(tmp_path) as both:

        def build(what: str, builder: str, out: Path, doctrees: Path, cache: Path, jobs: str):
            done = both.build(
                *("-b", builder, "-j", jobs, "-d", str(doctrees)),
                *("-D", f"kerasgraph_cache_dir={cache}", str(project.source), str(out)),
                environment=os.environ | {"NO_COLOR": "1"} | project.environment,
                folder=tmp_path,
            )
            seconds[what] += done.seconds
            told = f"seed {SEED}, {builder}, -j {jobs}\n" + "\n".join(project.edits)
            assert done.returncode == 0, f"{told}\n{done.output}"
            return f"{told}\n{done.output}", {*_WARNING.findall(done.output)}

        for _ in range(EDITS):
            project.edit()
            builder = project.choose(*BUILDERS)
            jobs = project.choose((3, "1"), (1, "2"))
            project.edits[-1] += f"; {builder}, -j {jobs}"
            out, clean = tmp_path / builder, tmp_path / "clean"
            shutil.rmtree(clean, ignore_errors=True)
            print(len(project.edits), project.edits[-1], flush=True)
            told, warned = build("the build", builder, out, project.doctrees, project.cache, jobs)
            places = clean / "out", clean / "doctrees", clean / "cache"
            _, clean_warned = build("a clean build", builder, *places, "1")
            unlike = difference(out, clean / "out")
            assert not unlike, f"{told}\n{unlike}"
            assert warned == clean_warned, told
    print({what: round(one / EDITS, 2) for what, one in seconds.items()})
