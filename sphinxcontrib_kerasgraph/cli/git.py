"""What git knows of files at revisions, by its program."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from sphinxcontrib_kerasgraph.faults import Fault, did_you_mean


@dataclass(frozen=True)
class ChangedFile:
    """A file that isn't what it was; its paths are from the top of the repository on."""

    #: ``None`` if it wasn't there, or isn't any more.
    old: str | None
    new: str | None


def content(name: str) -> bytes:
    """What a file holds at a revision, ``REV:path``, as git has it: from the top on, or ``./x``.

    Raises `Fault` ``target``.
    """
    revision, _, path = name.partition(":")
    try:
        return _git("show", f"{revision}:{path}")
    except Fault as fault:
        known = _names(revision)
        if known is None:
            message = f"There is no revision {revision!r}."
            advice = "It is named as git does: HEAD~1, a branch, a tag, or the hash of a commit."
            raise Fault("target", message, advice, fault.details) from fault
        ending = [one for one in known if one.endswith(f"/{path}")]
        near = did_you_mean(path, known, "Paths are from the top of the repository on.")
        advice = f"Did you mean '{revision}:{ending[0]}'?" if ending else near
        message = f"There is no file {path!r} in {revision!r}."
        raise Fault("target", message, advice, fault.details) from fault


def _names(revision: str) -> list[str] | None:
    """The files of a revision; ``None`` if there is none of that name."""
    try:
        listed = _git("ls-tree", "-r", "-z", "--full-tree", "--name-only", revision, "--")
    except Fault:
        return None
    return _texts(listed)


def _texts(listed: bytes) -> list[str]:
    return listed.decode(errors="surrogateescape").rstrip("\0").split("\0")


def _git(*arguments: str) -> bytes:
    """What git writes. Raises `Fault` ``target`` with what it says is wrong."""
    try:
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607 - the user's own
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise Fault("target", f"git can't be run: {error}.", "Install it.") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise Fault("target", f"git says: {said}.", details=said)
    return done.stdout
