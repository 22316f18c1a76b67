"""The ``kerasgraph`` command: pictures of models, and snapshots of those of a documentation."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph import option_fields, options
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.faults import COMMAND, Fault
from sphinxcontrib_kerasgraph.option_kinds import Flag
from sphinxcontrib_kerasgraph.settings import BuildSettings, ModelOptions
from sphinxcontrib_kerasgraph.styles import unreadable
from sphinxcontrib_kerasgraph.target import ModelRequest, Target
from sphinxcontrib_kerasgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from dataclasses import Field

    from sphinxcontrib_kerasgraph.graph import ModelGraph

_SNAPSHOTS = {
    "snapshot": "Write a snapshot of each model that a page asks for, and remove others.",
    "check": "Compare each model with its snapshot; the exit code is 1 if one differs.",
}
_DRAW = "Draw a model into a file; the ending of its name tells the format."

#: The options of a picture: those of the directive, but for how it stands on a page.
_GROUPS = (*options.DRAWING, ModelOptions)
#: Of the settings in conf.py.
_SETTINGS = tuple(one for one in fields(BuildSettings) if one.name in {"load_weights", "timeout"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0, 1 if something is wrong, 2 if it can't run."""
    parser = _parser()
    given, rest = parser.parse_known_args(arguments)
    if given.command != "draw":
        return _run_sphinx(given.command, given.sourcedir, rest)
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    known = [option for group in _GROUPS for option in fields(group)]
    names = map(option_fields.page_name, (*known, *_SETTINGS))
    values = {name: str(value) for name in names if (value := getattr(given, name)) is not None}
    try:
        return _draw(given.target, given.output, values, verbose=given.verbose)
    except Fault as fault:
        _say(fault.told(COMMAND))
        if given.verbose and fault.details:
            print(fault.details, file=sys.stderr)  # noqa: T201 - the output of a command
        return 1
    except OSError as error:
        _say(f"The file can't be written: {error}.")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kerasgraph", description="Pictures of Keras models, from their code."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    draw = commands.add_parser("draw", help=_DRAW, description=_DRAW)
    draw.add_argument("target", help="as of the directive: 'pkg.build', 'pkg.build(depth=50)'")
    draw.add_argument(
        "-o", "--output", required=True, metavar="FILE", help="a .svg, .png, .pdf, .dot or .json"
    )
    draw.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="show tracebacks, what the code prints, and what was passed over",
    )
    for setting in _SETTINGS:
        _add(draw, setting, "SECONDS")
    for group in _GROUPS:
        named = draw.add_argument_group(str(group.__doc__).rstrip("."))
        for option in fields(group):
            _add(named, option)
    epilog = "Options of sphinx-build, such as -j, -D and -q, may follow."
    for name, words in _SNAPSHOTS.items():
        command = commands.add_parser(name, help=words, description=words, epilog=epilog)
        command.add_argument("sourcedir", help="the folder of the documentation, with conf.py")
    return parser


def _add(parser: argparse._ActionsContainer, option: Field[Any], value: str = "VALUE") -> None:
    kind = option.metadata["kind"]
    name = option_fields.page_name(option)
    is_flag = isinstance(kind, Flag)
    words = "" if is_flag else f" {kind.words.capitalize()}."
    text = f"{option.metadata['summary']}{words}".replace("``", "").replace("%", "%%")
    if is_flag:  # as a pair: a value behind it could be the target
        action = argparse.BooleanOptionalAction
        parser.add_argument(f"--{name}", dest=name, action=action, help=text)
    else:
        parser.add_argument(f"--{name}", dest=name, metavar=value, help=text)


def _run_sphinx(command: str, sourcedir: str, rest: Sequence[str]) -> int:
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory(prefix="kerasgraph-") as folder:
        places = ["-d", str(Path(folder, "doctrees")), sourcedir, str(Path(folder, "out"))]
        return build_main(["-b", f"kerasgraph-{command}", *rest, *places])


def _draw(target: str, path: str, values: Mapping[str, str], *, verbose: bool) -> int:
    """Draw a model, built by a worker as for a page. Raises `Fault`, and `OSError` for the file."""
    from sphinxcontrib_kerasgraph.draw.files import draw_to_file, format_of
    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz

    drawing = options.parse_drawing(values, {}, "--{}")
    wanted = options.parse_options(ModelOptions, values, {}, "--{}")
    settings = options.parse_options(BuildSettings, values, {}, "--{}")
    format_of(path)  # before the model is built
    request = ModelRequest(Target.parse(target).text, **vars(wanted))
    Calling.of(request)  # says what is wrong with it before the model is built
    graph = _graph(request, settings, verbose=verbose)
    drawn = draw_to_file(graph, drawing, path, Graphviz(timeout=settings.timeout))
    for fault in unreadable(drawing.style.style):
        _say(fault.told(COMMAND))
    for one in drawn.unmet:
        _say(one.in_words(f"--{option_fields.on_page(one.option or '')} {{asked}}"))
    if drawn.complaints:
        _say(f"dot complained: {drawn.complaints}.")
    return 0


def _graph(request: ModelRequest, settings: BuildSettings, *, verbose: bool) -> ModelGraph:
    """The graph of the model; modules are found from the current folder on. Raises `Fault`."""
    from sphinxcontrib_kerasgraph.worker.client import Worker

    folder = os.getcwd()
    sys.path.insert(0, folder)
    worker = Worker({}, settings.timeout, folder, load_weights=settings.load_weights)
    try:
        answer = worker.ask(request)
    finally:
        worker.close()
        sys.path.remove(folder)
    if verbose and answer.output:
        print(answer.output, file=sys.stderr)  # noqa: T201 - the output of a command
    if isinstance(answer.result, Fault):
        raise answer.result
    if verbose and answer.result.passed_over:
        _say(f"passed over: {', '.join(answer.result.passed_over)}")
    return answer.result


def _say(text: str) -> None:
    print(f"kerasgraph: {text}", file=sys.stderr)  # noqa: T201 - the output of a command
