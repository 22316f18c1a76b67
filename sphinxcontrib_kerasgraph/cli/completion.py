"""``kerasgraph --print-completion``: what a shell completes, made of the parser by shtab."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import option_fields, options
from sphinxcontrib_kerasgraph.option_kinds import Choice
from sphinxcontrib_kerasgraph.settings import ModelOptions

if TYPE_CHECKING:
    from argparse import ArgumentParser

SHELLS = ("bash", "zsh", "tcsh")
#: The arguments that are files, or may be, and those that are folders.
_FILES = frozenset({"FILE", "TARGET", "MODEL"})
_FOLDERS = frozenset({"FOLDER", "SOURCEDIR"})


def script(parser: ArgumentParser, commands: list[ArgumentParser], shell: str) -> str:
    """The script that the shell reads."""
    import shtab

    words = {
        option_fields.page_name(option): list(option.metadata["kind"].values)
        for group in (*options.DRAWING, ModelOptions)
        for option in fields(group)
        if isinstance(option.metadata["kind"], Choice)
    }
    for action in (action for one in commands for action in one._actions):  # noqa: SLF001
        if action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # as shtab reads it
        elif action.metavar in _FOLDERS:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
        elif action.dest in words:
            action.choices = words[action.dest]
    return str(shtab.complete(parser, shell))
