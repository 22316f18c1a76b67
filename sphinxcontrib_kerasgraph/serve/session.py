"""Goes round: builds the model, draws it, shows it, and waits until its code is saved."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare import compared
from sphinxcontrib_kerasgraph.faults import COMMAND, Fault
from sphinxcontrib_kerasgraph.serve.changes import SAME, Changes, changes_of
from sphinxcontrib_kerasgraph.serve.shown import Shown, Trouble
from sphinxcontrib_kerasgraph.serve.watch import Watch, paths_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.serve.board import Board
    from sphinxcontrib_kerasgraph.serve.builds import Builds
    from sphinxcontrib_kerasgraph.serve.drawn import Drawn
    from sphinxcontrib_kerasgraph.target import Target
    from sphinxcontrib_kerasgraph.worker.protocol import Answer

#: So often files are looked at.
_LOOK_SECONDS = 0.1
#: Editors write a file in several steps, and formatters write it once more.
_SETTLING_SECONDS = 0.03
#: A build of code that was saved again is waited for so long: most are done, and where processes
#: can't be forked another one has to import Keras.
_PATIENCE_SECONDS = 1

#: How the page speaks of what it shows.
_PAGE = replace(COMMAND, more="what stands below")


@dataclass(frozen=True)
class Told:
    """What is told on the terminal of one build."""

    #: What is wrong, or nothing.
    fault: Fault | None
    changes: Changes
    #: What the author's code printed.
    output: str
    #: How long it took to build the model, and to draw it.
    seconds: tuple[float, float]
    complaints: tuple[str, ...] = ()


class Session:
    """One model, from the first build to the end of the command.

    ``draw`` makes the drawing; modules are found from ``folder`` on.
    """

    def __init__(
        self,
        target: Target,
        folder: str,
        builds: Builds,
        draw: Callable[[ModelGraph], Drawn],
        board: Board,
    ) -> None:
        self._target = target
        self._folder = folder
        self._builds = builds
        self._draw = draw
        self._board = board
        self._watch = Watch(paths_of(target, folder, {}))
        self._good: ModelGraph | None = None
        self._end = Event()

    def run(self, tell: Callable[[Told], None]) -> None:
        """Go round until `end`, or `KeyboardInterrupt`, which also end every process of it."""
        try:
            while not self._end.is_set():
                told = self.step()
                if told is not None:
                    tell(told)
                    self.wait()
        finally:
            self._builds.close()

    def end(self) -> None:
        """Have `run` return, from another thread."""
        self._end.set()

    def step(self) -> Told | None:
        """Build and show; returns nothing if the code was saved meanwhile."""
        self._board.show(replace(self._board.shown, is_building=True))
        answer, since = self._answer()
        # What is to be started for the next build imports Keras while the drawing is made.
        self._builds.prepare()
        if answer is None:
            return None
        paths = paths_of(self._target, self._folder, answer.made_from)
        if isinstance(answer.result, Fault):  # which may hide what would have been read
            paths += self._watch.paths
        self._watch.follow(paths, since)
        begin = time.monotonic()
        fault, shown = None, replace(self._board.shown, is_building=False, trouble=None)
        try:
            shown = self._drawn(shown, answer.result)
        except Fault as error:
            fault = error
            trouble = Trouble(fault.told(_PAGE), fault.details)
            shown = replace(shown, trouble=trouble, changes=Changes())
        self._board.show(shown)
        complaints = () if shown.drawn is None else shown.drawn.complaints
        seconds = answer.seconds, time.monotonic() - begin
        return Told(fault, shown.changes, answer.output, seconds, complaints)

    def wait(self) -> None:
        """Wait until a file is saved, and nothing more is written."""
        while not self._watch.has_changed():
            if self._end.wait(_LOOK_SECONDS):
                return
        time.sleep(_SETTLING_SECONDS)
        while self._watch.has_changed():
            time.sleep(_SETTLING_SECONDS)

    def _answer(self) -> tuple[Answer | None, float]:
        """What the worker says, unless the code was saved meanwhile; and when it was asked."""
        building = self._builds.begin()
        is_stale = False
        try:
            while building.is_running(_LOOK_SECONDS):
                is_stale = self._watch.has_changed() or is_stale
                is_late = is_stale and building.seconds > _PATIENCE_SECONDS
                if is_late or self._end.is_set():
                    return None, building.since
        finally:
            building.stop()
        return None if is_stale else building.answer, building.since

    def _drawn(self, shown: Shown, result: ModelGraph | Fault) -> Shown:
        """What is shown of a model that was built. Raises `Fault` where there is no drawing."""
        if isinstance(result, Fault):
            raise result
        if result == self._good:
            return replace(shown, changes=Changes(words=SAME))
        try:
            drawn = self._draw(result)
        except Fault:
            raise
        except Exception as error:
            words = f"Drawing raised {type(error).__name__}: {error}."
            advice = "Please report it, with the traceback that {more} shows."
            raise Fault("internal", words, advice, traceback.format_exc()) from error
        before, self._good = self._good, result
        changes = Changes() if before is None else _changes(before, result)
        return replace(shown, drawn=drawn, changes=changes)


def _changes(before: ModelGraph, after: ModelGraph) -> Changes:
    try:
        return changes_of(compared(before, after))
    except Exception as error:  # noqa: BLE001 - the drawing is there without it
        return Changes(words=f"Telling what changed raised {type(error).__name__}: {error}.")
