"""``kerasgraph serve``: a model on a page that follows its code."""

from __future__ import annotations

import signal
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import options
from sphinxcontrib_kerasgraph.cli import arguments
from sphinxcontrib_kerasgraph.cli.command import DONE, TROUBLE, Command
from sphinxcontrib_kerasgraph.faults import COMMAND as FACE
from sphinxcontrib_kerasgraph.settings import BuildSettings, ModelOptions

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from sphinxcontrib_kerasgraph.cli.terminal import Terminal
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.serve.drawn import Drawn
    from sphinxcontrib_kerasgraph.serve.session import Told


#: How faults of the author's code are told on the terminal.
_BESIDE_PAGE = replace(FACE, more="the page")


def _add_arguments(parser: ArgumentParser) -> None:
    words = "as of the directive, 'pkg.build', 'pkg.build(depth=50)'; or a .keras"
    parser.add_argument("target", metavar="TARGET", help=words)
    words = "the port of the page; a free one if not given"
    parser.add_argument("--port", type=int, metavar="NUMBER", help=words)
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    arguments.add_verbosity(parser)
    arguments.add_build_settings(parser)
    arguments.add_options(parser, (*options.DRAWING, ModelOptions))


def _run(given: Namespace, terminal: Terminal) -> int:
    drawing = arguments.drawing(given)
    model = arguments.group_of(ModelOptions, given)
    settings = arguments.group_of(BuildSettings, given)
    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.cli.graphs import importable
    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
    from sphinxcontrib_kerasgraph.serve.board import Board
    from sphinxcontrib_kerasgraph.serve.builds import Builds
    from sphinxcontrib_kerasgraph.serve.drawn import drawn
    from sphinxcontrib_kerasgraph.serve.server import served
    from sphinxcontrib_kerasgraph.serve.session import Session
    from sphinxcontrib_kerasgraph.target import ModelRequest, Target
    from sphinxcontrib_kerasgraph.worker import client

    # What no saving of a file would mend.
    target = Target.parse(given.target)
    request = ModelRequest(target.text, **vars(model))
    Calling.of(request)
    Graphviz().program("svg")

    def draw(graph: ModelGraph) -> Drawn:
        return drawn(graph, drawing, settings.timeout)

    board = Board()
    try:
        with importable() as folder, served(board, target.text, given.port) as address:
            worker = partial(
                client.Worker,
                {},
                settings.timeout,
                folder,
                load_weights=settings.load_weights,
                memory=settings.memory_limit,
            )
            session = Session(target, folder, Builds(worker, request), draw, board)
            # As Ctrl-C does it: no process is left.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            terminal.show(f"{target.text} is at {address} until Ctrl-C.")
            if given.open:
                import webbrowser

                webbrowser.open(address)
            session.run(lambda told: _tell(told, terminal))
    except KeyboardInterrupt:
        pass
    return DONE


def _tell(told: Told, terminal: Terminal) -> None:
    """Tell of a build what the page tells, and what it took."""
    terminal.detail(told.output)
    if told.fault is not None:
        terminal.say(told.fault.told(_BESIDE_PAGE))
        terminal.detail(told.fault.details)
        return
    for one in told.complaints:
        terminal.note(one)
    built, drawn = told.seconds
    terminal.note(f"Built in {built:.2f} s, drawn in {drawn:.2f} s. {told.changes.words}".rstrip())


COMMAND = Command(
    name="serve",
    summary="Show a model on a page that follows its code: whenever you save, it is drawn again.",
    usage="TARGET [OPTIONS]",
    examples=(
        ("A model that you are working on, in your browser:", "mypkg.models.build --open"),
        (
            "The same port whenever you start it, and what the drawing shows:",
            "mypkg.models.build --port 8000 --show-shapes --view full",
        ),
        (
            "A subclassed model, whose input it doesn't tell itself:",
            'mypkg.Encoder --input-shape "(128,)"',
        ),
    ),
    exit_codes="2 if the command can't run. A fault in your code doesn't end it: Ctrl-C does.",
    add_arguments=_add_arguments,
    run=_run,
    when_at_fault=TROUBLE,
)
