"""``kerasgraph diff``: what differs between two models, or in the snapshots of a branch."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import options
from sphinxcontrib_kerasgraph.cli import arguments
from sphinxcontrib_kerasgraph.cli.command import DONE, FOUND, TROUBLE, Command
from sphinxcontrib_kerasgraph.cli.draw import note_unmet
from sphinxcontrib_kerasgraph.cli.terminal import styled
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.settings import DiffOptions, ModelOptions, OldModelOptions

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from sphinxcontrib_kerasgraph.cli.terminal import Terminal
    from sphinxcontrib_kerasgraph.diff import ModelDiff

#: What is written of many models, by the endings of files.
_OF_MANY = ("md", "json")
_STYLES = {"added": "green", "removed": "red"}


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "operands",
        nargs="*",
        metavar="MODEL",
        help="two models, each a target, 'pkg.build(depth=50)'; a .keras; a snapshot; or such a "
        "file at a revision of git, 'HEAD~1:docs/_models/net.json'. With --git the folders that "
        "the snapshots are in; the current one if none is given",
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="FILE",
        help="a picture, .svg, .png, .pdf or .dot; a page for a reviewer, .html; Markdown, .md; "
        "or data, .json; may be given several times",
    )
    parser.add_argument(
        "--git",
        metavar="BASE",
        help="compare all snapshots with those of this revision, as a pull request does; on "
        "stdout as Markdown for a comment, or in -o FILE",
    )
    arguments.add_verbosity(parser)
    arguments.add_building(parser)
    arguments.add_options(parser, (DiffOptions, *options.DRAWING, ModelOptions, OldModelOptions))


def _run(given: Namespace, terminal: Terminal) -> int:
    if given.git is not None:
        return _run_git(given, terminal)
    if len(given.operands) != 2:
        number = len(given.operands)
        raise Fault(
            "target",
            f"Two models are compared, and {number} {'was' if number == 1 else 'were'} given.",
            "Write the old one, then the new one; or --git BASE, for all snapshots.",
        )
    from sphinxcontrib_kerasgraph.diff import FORMATS, ModelDiff, write

    for path in given.output:
        arguments.format_written(path, FORMATS)  # before models are built
    drawing = arguments.drawing(given)
    context = arguments.context(given)
    building = arguments.building(given)
    old, new = given.operands
    old_options, new_options = arguments.models(given, (old, new))
    from sphinxcontrib_kerasgraph.cli.operands import Operand, models_of
    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz

    operands = [Operand(old, old_options, is_old=True), Operand(new, new_options)]
    old_graph, new_graph = models_of(operands, building, terminal)
    with terminal.busy("comparing"):
        diff = ModelDiff.of(old_graph, new_graph, old, new)
        _ = diff.is_same, diff.rows
    for path in given.output:
        with terminal.busy(f"writing {path}"):
            graphviz = Graphviz(timeout=building.timeout)
            drawn = write(diff, drawing, context, path, graphviz, given.written)
        note_unmet(drawn.unmet, terminal)
        if drawn.complaints:
            terminal.note(f"dot complained: {drawn.complaints}.")
    if not given.output:
        terminal.show(_text(diff))
    return DONE if diff.is_same else FOUND


def _run_git(given: Namespace, terminal: Terminal) -> int:
    from sphinxcontrib_kerasgraph.cli import pull_request
    from sphinxcontrib_kerasgraph.cli.changed_snapshots import changed_snapshots
    from sphinxcontrib_kerasgraph.diff import write_text

    formats = [arguments.format_written(path, _OF_MANY) for path in given.output]
    with terminal.busy("comparing"):
        found = changed_snapshots(given.git, given.operands or ["."])
        told = {"md": pull_request.markdown, "json": pull_request.data}
        texts = [told[ending](found) for ending in formats]
    for path, text in zip(given.output, texts, strict=True):
        write_text(path, text)
    if not given.output:
        terminal.show(pull_request.markdown(found).rstrip("\n"))
    for one in found.unreadable:
        terminal.say(f"{one.name}: {one.why}")
    return TROUBLE if found.unreadable else FOUND if found.differing else DONE


def _text(diff: ModelDiff) -> str:
    """What differs, a line each, as ``diff`` has it."""
    lines = [styled(diff.headline, "bold", sys.stdout)]
    for said in diff.statements:
        style = _STYLES.get(said.change, "yellow")
        lines.append(styled(f"{said.change.sign} {said.text}", style, sys.stdout))
    return "\n".join(lines)


COMMAND = Command(
    name="diff",
    summary="Tell, or draw, what differs between two models, or in the snapshots of a branch.",
    usage="OLD NEW [-o FILE] [OPTIONS]\n       kerasgraph diff --git BASE [FOLDER ...] [-o FILE]",
    examples=(
        ("In words, on the terminal:", "mypkg.models.v1 mypkg.models.v2"),
        ("As one picture of both:", '"mypkg.build(depth=2)" "mypkg.build(depth=3)" -o diff.svg'),
        ("As a page for a reviewer:", "old.keras new.keras -o diff.html"),
        (
            "What your last commit and all that isn't committed did to a model:",
            "HEAD~1:docs/_models/net.json docs/_models/net.json",
        ),
        ("What a branch does to all models, for its pull request:", "--git main docs -o diff.md"),
    ),
    exit_codes="as those of 'diff': 1 if a model differs; 2 if they can't be compared.",
    add_arguments=_add_arguments,
    run=_run,
    when_at_fault=TROUBLE,
)
