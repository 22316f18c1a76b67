"""``kerasgraph draw``: a model in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import option_fields, options
from sphinxcontrib_kerasgraph.cli import arguments
from sphinxcontrib_kerasgraph.cli.command import DONE, Command
from sphinxcontrib_kerasgraph.settings import ModelOptions

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.cli.terminal import Terminal
    from sphinxcontrib_kerasgraph.view.selection import Unmet


def _add_arguments(parser: ArgumentParser) -> None:
    arguments.add_target(parser)
    words = "a .svg, .png, .pdf, .dot or .json"
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help=words)
    arguments.add_verbosity(parser)
    arguments.add_building(parser)
    arguments.add_options(parser, (*options.DRAWING, ModelOptions))


def _run(given: Namespace, terminal: Terminal) -> int:
    drawing = arguments.drawing(given)
    model = arguments.group_of(ModelOptions, given)
    building = arguments.building(given)
    from sphinxcontrib_kerasgraph.cli.operands import Operand, models_of
    from sphinxcontrib_kerasgraph.draw.files import FORMATS, draw_to_file
    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz

    arguments.format_written(given.output, FORMATS)  # before the model is built
    (graph,) = models_of([Operand(given.target, model)], building, terminal)
    with terminal.busy(f"drawing {given.output}"):
        drawn = draw_to_file(graph, drawing, given.output, Graphviz(timeout=building.timeout))
    note_unmet(drawn.unmet, terminal)
    if drawn.complaints:
        terminal.note(f"dot complained: {drawn.complaints}.")
    return DONE


def note_unmet(unmet: Iterable[Unmet], terminal: Terminal) -> None:
    """Tell what the options ask for in vain."""
    for one in unmet:
        terminal.note(one.in_words(f"--{option_fields.on_page(one.option or '')} {{asked}}"))


COMMAND = Command(
    name="draw",
    summary="Draw a model into a file; the ending of its name tells the format.",
    usage="TARGET -o FILE [OPTIONS]",
    examples=(
        ("A model of your code, as a picture:", "mypkg.models.build -o model.svg"),
        (
            "With arguments, shapes, and what is repeated drawn once:",
            '"mypkg.models.build(depth=50)" -o model.pdf --show-shapes --view overview',
        ),
        (
            "A subclassed model, whose input it doesn't tell itself:",
            'mypkg.Encoder -o encoder.png --input-shape "(128,)" --input-dtype int32',
        ),
        (
            "One block alone, opened:",
            'mypkg.models.build -o block.svg --from "encoder_3" --to "encoder_3" --depth 1',
        ),
        ("A saved model, and its graph as data:", "trained.keras -o trained.json"),
        ("A snapshot as it was in the last release:", "v1.2:docs/_models/net.json -o old.svg"),
    ),
    exit_codes="1 if the model can't be built or drawn; 2 if the command can't run.",
    add_arguments=_add_arguments,
    run=_run,
)
