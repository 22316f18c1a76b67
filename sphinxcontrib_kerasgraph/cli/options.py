"""``kerasgraph options``: all options, in the four places where they have a name."""

from __future__ import annotations

import re
import sys
import textwrap
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph import option_fields, options
from sphinxcontrib_kerasgraph.cli import arguments
from sphinxcontrib_kerasgraph.cli.command import DONE, FOUND, Command
from sphinxcontrib_kerasgraph.cli.terminal import styled
from sphinxcontrib_kerasgraph.settings import (
    BuildSettings,
    DiffOptions,
    GalleryOptions,
    OldModelOptions,
    SummaryOptions,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from dataclasses import Field

    from sphinxcontrib_kerasgraph.cli.terminal import Terminal

#: The groups, with the directives whose options they are.
_GROUPS: tuple[tuple[type[Any], str], ...] = (
    *((group, "keras-model") for group in options.DIRECTIVE),
    (SummaryOptions, "keras-summary"),
    (DiffOptions, "keras-diff"),
    (OldModelOptions, "keras-diff"),
    (GalleryOptions, "keras-gallery"),
    (BuildSettings, ""),
)
_WIDTH = 88
#: A reference of reStructuredText.
_ROLE = re.compile(r":(\w+):`([^`]*)`")


@dataclass(frozen=True)
class Option:
    """An option as it is listed; empty where it has no name."""

    group: str
    #: In which directive, and how.
    directive: str
    page: str
    conf: str
    command: str
    values: str
    default: Any
    summary: str


def _add_arguments(parser: ArgumentParser) -> None:
    words = "show options alone in whose name or meaning all of these are"
    parser.add_argument("words", nargs="*", metavar="WORD", help=words)
    words = "how they are written: text if not given"
    parser.add_argument("--format", choices=("text", "json"), default="text", help=words)
    arguments.add_verbosity(parser)


def _run(given: Namespace, terminal: Terminal) -> int:
    words = [one.lower() for one in given.words]
    found = [one for one in all_options() if all(word in _searched(one) for word in words)]
    if not found:
        terminal.say(f"No option has {' and '.join(given.words)} in its name or meaning.")
        return FOUND
    if given.format == "json":
        import json

        terminal.show(json.dumps([vars(one) for one in found], ensure_ascii=False, indent=1))
    else:
        terminal.show(_text(found))
    return DONE


def all_options() -> list[Option]:
    """All that is declared, in the order of the reference page."""
    return [
        _option(group, directive, option)
        for group, directive in _GROUPS
        for option in fields(group)
    ]


def _option(group: type[Any], directive: str, option: Field[Any]) -> Option:
    name = option_fields.page_name(option)
    default = option_fields.default_of(option)
    return Option(
        group=_plain(str(group.__doc__)).rstrip("."),
        directive=directive,
        page=f":{name}:" if directive else "",
        conf=option_fields.conf_name(option) if options.has_conf(option) else "",
        command=f"--{name}" if option in arguments.taken(group) else "",
        values=option.metadata["kind"].words,
        default=list(default) if isinstance(default, tuple) else default,
        summary=_plain(option.metadata["summary"]),
    )


def _plain(text: str) -> str:
    """The text without its markup, and where a page is meant its name."""
    return _ROLE.sub(r"\2", text).replace("``", "")


def _searched(option: Option) -> str:
    return f"{option.page} {option.conf} {option.summary}".lower().replace("_", "-")


def _text(found: list[Option]) -> str:
    lines: list[str] = []
    group = ""
    for one in found:
        if one.group != group:
            group = one.group
            of_directive = f"   (.. {one.directive}::)" if one.directive else "   (conf.py)"
            lines += ["", styled(group, "bold", sys.stdout) + of_directive]
        names = "  ".join(filter(None, (one.page, one.command, one.conf)))
        lines += ["", f"  {styled(names, 'green', sys.stdout)}"]
        told = f"{one.summary} {_in_words(one)}"
        lines += textwrap.wrap(told, _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    return "\n".join(lines[1:])


def _in_words(option: Option) -> str:
    values = f"{option.values[:1].upper()}{option.values[1:]}"
    if option.default in (None, "", [], {}):
        return f"{values}."
    shown = {True: "yes", False: "no"}
    default = shown[option.default] if isinstance(option.default, bool) else option.default
    return f"{values}; {default} if not given."


COMMAND = Command(
    name="options",
    summary="List all options: on a page, on the command line, and in conf.py.",
    usage="[WORD ...] [--format json]",
    examples=(
        ("All of them:", ""),
        ("Those about shapes:", "shape"),
        ("For an editor or a script:", "--format json"),
    ),
    exit_codes="1 if no option has the words.",
    add_arguments=_add_arguments,
    run=_run,
)
