"""The whole command: its commands, how arguments are read, and how it ends."""

from __future__ import annotations

import argparse
import shlex
import sys
import textwrap
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from sphinxcontrib_kerasgraph import faults
from sphinxcontrib_kerasgraph.cli import (
    command,
    completion,
    diff,
    draw,
    options,
    serve,
    sphinx_builds,
    summary,
)
from sphinxcontrib_kerasgraph.cli.terminal import Terminal, flush
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinxcontrib_kerasgraph.cli.command import Command

COMMANDS = (
    draw.COMMAND,
    summary.COMMAND,
    diff.COMMAND,
    serve.COMMAND,
    sphinx_builds.SNAPSHOT,
    sphinx_builds.CHECK,
    options.COMMAND,
)

#: The subtypes of faults that are those of what was given, not of a model.
_OF_ARGUMENTS = frozenset({"option", "target"})
#: What other commands, and the directive, have for what a file becomes.
_OF_FORMAT = frozenset({"--format", "--as"})
_EXAMPLES = """\
examples:
  kerasgraph draw mypkg.models.build -o model.svg
  kerasgraph summary mypkg.models.build
  kerasgraph serve mypkg.models.build --open
  kerasgraph diff HEAD~1:docs/_models/net.json docs/_models/net.json -o diff.html
  kerasgraph check docs

'kerasgraph COMMAND --help' tells more, with examples. Exit codes: 0 done; 1 a model can't be
built, or isn't what it should be; 2 the command can't run; 130 interrupted.
Completion of arguments: eval "$(kerasgraph --print-completion bash)"
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in a line."""

    def error(self, message: str) -> NoReturn:
        end = "" if message.endswith(("?", ".")) else "."
        Terminal().say(f"{message}{end} '{self.prog} --help' tells more.")
        raise SystemExit(command.TROUBLE)

    def _check_value(self, action: argparse.Action, value: str) -> None:
        if action.choices is not None and value not in action.choices:
            meant = faults.did_you_mean(
                value, action.choices, f"There are {', '.join(action.choices)}."
            )
            raise argparse.ArgumentError(action, f"there is no {value!r}. {meant}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser, parsers = _parsers()
    given, rest = parser.parse_known_args(arguments)
    chosen = next(one for one in COMMANDS if one.name == given.command)
    if chosen.passes_on:
        given.rest = rest
    elif rest:
        parsers[chosen.name].error(_unknown(rest, parsers[chosen.name]))
    given.written = shlex.join(["kerasgraph", *(sys.argv[1:] if arguments is None else arguments)])
    terminal = Terminal(
        quiet=getattr(given, "quiet", False), verbose=getattr(given, "verbose", False)
    )
    try:
        code = chosen.run(given, terminal)
        flush()
    except Fault as fault:
        more = f"'kerasgraph {chosen.name} -v'"
        terminal.say(fault.told(replace(faults.COMMAND, more=more)))
        terminal.detail(fault.details)
        return command.TROUBLE if fault.subtype in _OF_ARGUMENTS else chosen.when_at_fault
    except BrokenPipeError:  # such as of ``head``
        return command.UNREAD
    except OSError as error:
        terminal.say(f"The file can't be written: {error}.")
        return command.TROUBLE
    except KeyboardInterrupt:
        return command.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - of ours, which is told like all else
        terminal.say(
            f"{type(error).__name__}: {error}. Please report it, with what "
            f"'kerasgraph {chosen.name} -v' shows."
        )
        terminal.detail(traceback.format_exc())
        return command.TROUBLE
    return code


def _parsers() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The parser, and those of the commands by their names."""
    parser = _Parser(
        prog="kerasgraph",
        description="Pictures of Keras models, from their code.",
        usage="kerasgraph COMMAND [ARGUMENTS]",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parsers: dict[str, argparse.ArgumentParser] = {}

    class PrintCompletion(argparse.Action):
        def __call__(self, _parser: object, _given: object, shell: object, *_: object) -> NoReturn:
            try:
                Terminal().show(completion.script(parser, [*parsers.values()], str(shell)))
                flush()
            except BrokenPipeError as error:
                raise SystemExit(command.UNREAD) from error
            raise SystemExit(command.DONE)

    parser.add_argument(
        "--print-completion",
        action=PrintCompletion,
        choices=completion.SHELLS,
        help="print the script by which this shell completes arguments",
    )
    commands = parser.add_subparsers(
        dest="command",
        required=True,
        metavar="COMMAND",
        parser_class=_Parser,
        title="commands",
        prog="kerasgraph",
    )
    for one in COMMANDS:
        parsers[one.name] = commands.add_parser(
            one.name,
            help=one.summary,
            description=one.summary,
            usage=f"kerasgraph {one.name} {one.usage}",
            epilog=_epilog(one),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        one.add_arguments(parsers[one.name])
    return parser, parsers


def _epilog(one: Command) -> str:
    lines = ["examples:"]
    for words, arguments in one.examples:
        lines += [f"  {words}", f"    kerasgraph {one.name} {arguments}".rstrip()]
    if one.passes_on:
        lines += ["", "Options of sphinx-build, such as -j, -D and -q, may follow."]
    lines += ["", *textwrap.wrap(f"Exit code: 0, if all is well; {one.exit_codes}", 88)]
    return "\n".join(lines)


def _unknown(rest: Iterable[str], parser: argparse.ArgumentParser) -> str:
    rest = list(rest)
    known = parser._option_string_actions  # noqa: SLF001 - argparse tells them nowhere else
    wrong = next((one.partition("=")[0] for one in rest if one.startswith("-")), "")
    if wrong in _OF_FORMAT and "-o" in known:
        meant = "The name of a file tells what is written: -o FILE."
    else:
        meant = faults.did_you_mean(wrong, known, "") if wrong else ""
    return f"unrecognized arguments: {' '.join(rest)}. {meant}".rstrip()
