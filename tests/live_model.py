"""A model in a file of text that is served as it is saved, without Keras."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from make_graphs import model
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.options import parse_drawing
from sphinxcontrib_kerasgraph.serve.board import Board
from sphinxcontrib_kerasgraph.serve.builds import Builds
from sphinxcontrib_kerasgraph.serve.drawn import Drawn, drawn
from sphinxcontrib_kerasgraph.serve.server import served
from sphinxcontrib_kerasgraph.serve.session import Session, Told
from sphinxcontrib_kerasgraph.target import ModelRequest, Target
from sphinxcontrib_kerasgraph.worker.protocol import Answer

TARGET = "net.build"


@dataclass
class TextWorker:
    """Builds the model that the text of a file tells; takes its time where that says ``slow``."""

    file: Path
    log: list[str] = field(default_factory=list)

    def start(self):
        self.log.append("start")

    def close(self):
        self.log.append("close")

    def ask(self, request, stop):
        assert request == ModelRequest(TARGET)
        self.log.append("ask")
        made_from = {"files": [str(self.file)], "modules": ["net"]}
        text = self.file.read_text()
        if text.startswith("slow"):
            self.log.append("slow")
            stop.wait(60)
            self.log.append("stop")
            return None
        try:
            return Answer(model(text), "{}", made_from, 0.1, "printed")
        except (AssertionError, AttributeError, IndexError) as error:
            fault = Fault("build", f"Building raised {error!r}.", "{more} tells.", "the traceback")
            return Answer(fault, made_from=made_from)


@dataclass
class Following:
    """A session that follows the file, in a thread."""

    file: Path
    board: Board
    session: Session
    workers: list[TextWorker]
    told: list[Told] = field(default_factory=list)
    address: str = ""

    def save(self, text: str) -> Told:
        """Save another model; returns what is told of it."""
        number = len(self.told)
        self.file.write_text(text)
        until(lambda: len(self.told) > number)
        return self.told[-1]


def until(holds, seconds=20):
    """Wait until it holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it has never come"
        time.sleep(0.01)


def as_page(graph, view: str = "full") -> Drawn:
    return drawn(graph, parse_drawing({"view": view}, {}, "{}"), 60)


@contextmanager
def following(folder: Path, text: str, draw=as_page, port: int = 0) -> Iterator[Following]:
    """The session, at its first build, and the address of its page."""
    file = folder / "net.py"
    file.write_text(text)
    workers = []

    def worker():
        workers.append(TextWorker(file))
        return workers[-1]

    board = Board()
    builds = Builds(worker, ModelRequest(TARGET))
    session = Session(Target.parse(TARGET), str(folder), builds, draw, board)
    made = Following(file, board, session, workers)
    thread = threading.Thread(target=session.run, args=(made.told.append,))
    with served(board, TARGET, port) as made.address:
        thread.start()
        try:
            until(lambda: made.told)
            yield made
        finally:
            session.end()
            thread.join(20)
            assert not thread.is_alive()
