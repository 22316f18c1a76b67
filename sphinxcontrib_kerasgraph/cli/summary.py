"""``kerasgraph summary``: the layers of a model as a table, and its totals."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.cli import arguments
from sphinxcontrib_kerasgraph.cli.command import DONE, Command
from sphinxcontrib_kerasgraph.cli.draw import note_unmet
from sphinxcontrib_kerasgraph.cli.terminal import is_terminal, styled
from sphinxcontrib_kerasgraph.faults import did_you_mean
from sphinxcontrib_kerasgraph.options import FoldOptions, SelectOptions
from sphinxcontrib_kerasgraph.printable import encodable, printable
from sphinxcontrib_kerasgraph.settings import ModelOptions, SummaryOptions

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.cli.terminal import Terminal
    from sphinxcontrib_kerasgraph.summary.table import Summary

_FORMATS = ("text", "md", "csv", "json")
#: What is inside of a row stands so far in.
_INDENT = "  "
_GAP = "  "
#: No column is made narrower, where a terminal is too narrow for all.
_NARROWEST = 8


def _add_arguments(parser: ArgumentParser) -> None:
    arguments.add_target(parser)
    words = "how the table is written: text if not given"
    parser.add_argument("--format", choices=_FORMATS, default="text", help=words)
    arguments.add_verbosity(parser)
    arguments.add_building(parser)
    arguments.add_options(parser, (SummaryOptions, SelectOptions, FoldOptions, ModelOptions))


def _run(given: Namespace, terminal: Terminal) -> int:
    select = arguments.group_of(SelectOptions, given)
    folding = arguments.group_of(FoldOptions, given)
    columns = arguments.group_of(SummaryOptions, given).columns
    model = arguments.group_of(ModelOptions, given)
    building = arguments.building(given)
    from sphinxcontrib_kerasgraph.cli.operands import Operand, models_of
    from sphinxcontrib_kerasgraph.summary.columns import KNOWN
    from sphinxcontrib_kerasgraph.summary.table import summarize

    (graph,) = models_of([Operand(given.target, model)], building, terminal)
    summary = summarize(graph, select, folding, columns)
    note_unmet(summary.unmet, terminal)
    for name in summary.lacking:
        advice = did_you_mean(name, KNOWN, f"Others are: {', '.join(KNOWN)}.")
        terminal.note(f"No layer has a {name!r} in its configuration. {advice}")
    write = {"text": _text, "md": _markdown, "csv": _csv, "json": _json}[given.format]
    terminal.show(write(summary))
    return DONE


def _heads(summary: Summary) -> list[str]:
    return [one.head for one in summary.columns]


def _cells(summary: Summary, indent: str) -> list[tuple[str, ...]]:
    return [
        (indent * one.level + printable(one.texts[0]), *map(printable, one.texts[1:]))
        for one in summary.lines()
    ]


def _text(summary: Summary) -> str:
    """Columns below each other; no wider than the terminal, if it is one."""
    rows = [tuple(_heads(summary)), *_cells(summary, _INDENT)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if is_terminal(sys.stdout):
        widths = _fitted(widths, shutil.get_terminal_size().columns)
    lines = []
    for row in rows:
        cells = (
            _cell(text, width, right=column.is_number)
            for text, width, column in zip(row, widths, summary.columns, strict=True)
        )
        lines.append(_GAP.join(cells).rstrip())
    lines[0] = styled(lines[0], "bold", sys.stdout)
    totals = summary.totals.lines()
    wide = max(len(what) for what, _ in totals)
    lines += ["", *(f"{what.ljust(wide)}{_GAP}{number}" for what, number in totals)]
    return "\n".join(lines)


def _fitted(widths: Sequence[int], space: int) -> list[int]:
    """The widths, the widest made narrower until all fit."""
    found = list(widths)
    while sum(found) + len(_GAP) * (len(found) - 1) > space and max(found) > _NARROWEST:
        found[found.index(max(found))] -= 1
    return found


def _cell(text: str, width: int, *, right: bool) -> str:
    if len(text) > width:
        text = f"{text[: width - 1]}…"
    return text.rjust(width) if right else text.ljust(width)


def _markdown(summary: Summary) -> str:
    rows = [
        _heads(summary),
        ["--:" if one.is_number else "---" for one in summary.columns],
        # Spaces at the begin of a cell are left out.
        *_cells(summary, "\N{NO-BREAK SPACE}" * 3),
    ]
    escaped = ([cell.replace("|", r"\|") for cell in row] for row in rows)
    lines = [f"| {' | '.join(row)} |" for row in escaped]
    totals = [f"- {what}: {number}" for what, number in summary.totals.lines()]
    return "\n".join([*lines, "", *totals])


def _csv(summary: Summary) -> str:
    import csv
    import io

    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([_heads(summary), *_cells(summary, _INDENT)])
    return file.getvalue().rstrip("\n")


def _json(summary: Summary) -> str:
    import json

    names = [one.name for one in summary.columns]
    layers = [
        {"level": line.level, **dict(zip(names, line.texts, strict=True))}
        for line in summary.lines()
    ]
    totals = summary.totals
    data = {
        "layers": layers,
        "totals": {
            "parameters": totals.parameters.total,
            "trainable": totals.parameters.trainable,
            "bytes": None if totals.memory is None else sum(totals.memory.values()),
            "flops": totals.flops.known,
            "flops_complete": totals.flops.complete,
        },
    }
    return encodable(json.dumps(data, ensure_ascii=False, indent=1))


COMMAND = Command(
    name="summary",
    summary="Print the layers of a model as a table, and its parameters, size and FLOPs.",
    usage="TARGET [OPTIONS]",
    examples=(
        ("On the terminal:", "mypkg.models.build"),
        ("All levels, with what you ask for:", "trained.keras --depth all --columns name,flops"),
        ("What is repeated told once, for a README:", "mypkg.build --view overview --format md"),
        ("For other programs:", "docs/_models/net.json --format json"),
    ),
    exit_codes="1 if the model can't be built; 2 if the command can't run.",
    add_arguments=_add_arguments,
    run=_run,
)
