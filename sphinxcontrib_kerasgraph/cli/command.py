"""One command, as its module declares it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from sphinxcontrib_kerasgraph.cli.terminal import Terminal

#: Exit codes: done, or the same; a model is at fault, or differs; the command can't do its work.
DONE, FOUND, TROUBLE = 0, 1, 2
#: As of a shell whose program was interrupted, by Ctrl-C or by who reads its output.
INTERRUPTED, UNREAD = 130, 141


@dataclass(frozen=True)
class Command:
    """A command of the command line."""

    name: str
    #: What it does, in a sentence.
    summary: str
    #: What follows its name: ``TARGET -o FILE [OPTIONS]``.
    usage: str
    #: What is to be done, and the arguments that do it.
    examples: tuple[tuple[str, str], ...]
    #: What its exit codes mean, beside 0.
    exit_codes: str
    #: Gives the parser its arguments.
    add_arguments: Callable[[ArgumentParser], None]
    #: Does it; returns the exit code. May raise `Fault`, and `OSError` of a file to be written.
    run: Callable[[Namespace, Terminal], int]
    #: The exit code of a `Fault` of a model; that of one of the arguments is `TROUBLE`.
    when_at_fault: int = FOUND
    #: Whether arguments that it doesn't know are for a program that it runs.
    passes_on: bool = False
