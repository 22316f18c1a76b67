"""A repository of git whose branch changed the snapshots of models."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sphinxcontrib_kerasgraph import snapshot
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.target import ModelRequest

#: Commits have the same hashes in every run.
_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": text
       for who in ("AUTHOR", "COMMITTER")
       for what, text in (("NAME", "A"), ("EMAIL", "a@b.c"), ("DATE", "2026-01-01T12:00:00Z"))},
}  # fmt: skip


@dataclass
class Repository:
    """A folder with a repository in it."""

    folder: Path
    #: Of the snapshot that was written last.
    path: str = ""

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=os.environ | _ENVIRONMENT,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def commit(self, words: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", words)

    def snapshot(self, target: str, graph: ModelGraph, folder: str = "docs/_models") -> str:
        """Write the snapshot, and give its path from the folder on."""
        request = ModelRequest(target)
        path = self.folder / folder / snapshot.file_name(request)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(snapshot.to_text(request, graph), encoding="utf-8")
        return path.relative_to(self.folder).as_posix()


def repository(folder: Path) -> Repository:
    """An empty one."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Repository(folder)
    made.git("init", "--quiet", "--initial-branch=main")
    return made
