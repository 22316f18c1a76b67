"""What git knows of files at revisions, by its program."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.faults import Fault, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

#: So alike a file has to be to one that is gone to be the same under another name.
_RENAMES = "--find-renames=80%"
#: How the modes of files begin, unlike those of links, of submodules, and of what isn't there.
_FILE = "100"
_NAMED = "It is named as git does: HEAD~1, a branch, a tag, or the hash of a commit."


@dataclass(frozen=True)
class ChangedFile:
    """A file that isn't what it was, by its paths from the top of the repository on."""

    #: ``None`` if it wasn't there, or isn't any more.
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Changes:
    """What changed since a revision, and isn't what it was in the files of now."""

    #: The commit that all is compared with.
    base: str
    #: The folder at the top of the repository.
    top: str
    files: tuple[ChangedFile, ...]


def changes(revision: str, folders: Sequence[str]) -> Changes:
    """What changed in the files of these folders since they were those of the revision.

    As a pull request has it: since the last commit that both have, so that what was changed in the
    other branch meanwhile isn't told. Files that aren't committed yet count; links are no files:
    they may lead anywhere. Raises `Fault`.
    """
    if _names(revision) is None:
        raise _no_revision(revision)
    kind = _git("cat-file", "-t", revision).decode().strip()
    if kind not in {"commit", "tag"}:
        raise Fault("target", f"{revision!r} is no commit: git has a {kind} there.", _NAMED)
    for folder in folders:  # git compares what isn't there, too
        if not os.path.isdir(folder):
            raise Fault("target", f"There is no folder {folder!r}.", "Check the spelling.")
    try:
        base = _git("merge-base", revision, "HEAD").decode().strip()
    except _Refused as error:
        message = f"{revision!r} and HEAD have no commit in common."
        advice = "In continuous integration fetch the whole history, such as by fetch-depth: 0."
        raise Fault("target", message, advice, error.details) from error
    asked = ("diff", "--raw", "-z", "--no-relative", _RENAMES, base, "--", *folders)
    parts = iter(_texts(_git("--literal-pathspecs", *asked)))
    files = []
    for told, path in zip(parts, parts, strict=True):  # ":100644 100644 5716ca5 bcd1234 R80"
        was, mode, *_, status = told.removeprefix(":").split()
        new = next(parts) if status[0] in "RC" else path
        is_new = status[0] == "C" or not was.startswith(_FILE)
        files.append(ChangedFile(None if is_new else path, new if mode.startswith(_FILE) else None))
    top = _top()
    asked = ("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", *folders)
    others = _texts(_git("--literal-pathspecs", *asked))
    files += [
        ChangedFile(None, path) for path in others if not os.path.islink(os.path.join(top, path))
    ]
    return Changes(base, top, tuple(files))


def content(name: str) -> bytes:
    """What a file holds at a revision, ``REV:path``, as git has it: from the top on, or ``./x``.

    Raises `Fault` ``target``.
    """
    revision, _, path = name.partition(":")
    try:
        return _git("cat-file", "blob", f"{revision}:{path}")
    except _Refused as error:
        known = _names(revision)
        if known is None:
            raise _no_revision(revision) from error
        ending = [one for one in known if one.endswith(f"/{path}")]
        near = did_you_mean(path, known, "Paths are from the top of the repository on.")
        advice = f"Did you mean '{revision}:{ending[0]}'?" if ending else near
        message = f"There is no file {path!r} in {revision!r}."
        raise Fault("target", message, advice, error.details) from error


class _Refused(Fault):
    """Git doesn't do what it is asked for, and says why."""

    def __init__(self, said: str) -> None:
        super().__init__("target", f"git says: {said}.", details=said)


def _names(revision: str) -> list[str] | None:
    """The files of a revision; ``None`` if there is none of that name. Raises `Fault`."""
    _top()
    try:
        listed = _git("ls-tree", "-r", "-z", "--full-tree", "--name-only", revision)
    except _Refused:
        return None
    return _texts(listed)


def _top() -> str:
    """The folder at the top of the repository. Raises `Fault` ``target`` if there is none."""
    return _git("rev-parse", "--show-toplevel").decode(errors="surrogateescape")[:-1]


def _no_revision(name: str) -> Fault:
    return Fault(
        "target",
        f"git knows no revision {name!r} here.",
        _NAMED,
    )


def _texts(listed: bytes) -> list[str]:
    """What git ends by zeros."""
    return listed.decode(errors="surrogateescape").split("\0")[:-1]


def _git(*arguments: str) -> bytes:
    """What git writes. Raises `_Refused`, or another `Fault` if there is no git."""
    try:
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607 - the user's own
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise Fault("target", f"git can't be run: {error}.", "Install it.") from error
    if done.returncode:
        raise _Refused(done.stderr.decode(errors="replace").strip())
    return done.stdout
