"""Has Keras models built outside the Sphinx process, each in a process of its own.

Sphinx forks for ``-j N``, and a fork of a process with a framework's threads deadlocks; and no
model may harm the build, or another one. See `worker.forked` and `worker.spawned` for the two ways.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
import traceback
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from sphinxcontrib_kerasgraph import files
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.guardian import guard_path, release_path
from sphinxcontrib_kerasgraph.target import Target
from sphinxcontrib_kerasgraph.worker import endings
from sphinxcontrib_kerasgraph.worker.forked import START_SECONDS, CannotFork, Forked
from sphinxcontrib_kerasgraph.worker.launch import FORKS, Launch
from sphinxcontrib_kerasgraph.worker.protocol import (
    ANSWER,
    OUTPUT_KEPT,
    PART,
    PRINTED,
    Answer,
    Begun,
    Ended,
    Lost,
    Question,
    Setup,
)
from sphinxcontrib_kerasgraph.worker.spawned import Spawned
from sphinxcontrib_kerasgraph.worker.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from threading import Event

    from sphinxcontrib_kerasgraph.target import ModelRequest

_LOOK_SECONDS = 0.2

_REPORT = "If the model runs, please report this; {more} shows what was found."


class _Way(Protocol):
    """How builders are had."""

    @property
    def is_running(self) -> bool: ...
    @property
    def has_said(self) -> bool: ...
    def start(self) -> None: ...
    def ask(self, questions: Iterable[Question]) -> None: ...
    def hear(self, seconds: float) -> Begun | Ended | None: ...
    def close(self) -> None: ...


class Worker:
    """What builds models; it starts when the first one is asked for, or with `start`.

    ``environment`` is added to that of the ``world``, which is this process's of now; ``timeout``
    is in seconds, for one model, and ``memory`` in megabytes; ``most`` are built at a time; files
    of saved models are named from ``folder`` on. With ``load_weights`` the author's code loads
    them, and downloads and trains, as it would elsewhere.
    """

    def __init__(  # noqa: PLR0913 - settings, by name
        self,
        environment: Mapping[str, str],
        timeout: float,
        folder: str = "",
        *,
        load_weights: bool = False,
        most: int = 1,
        memory: float | None = None,
        world: World | None = None,
        forks: bool = FORKS,
    ) -> None:
        self._folder = folder
        self._timeout = timeout
        world = world or World()
        # Has what builders leave, as long as anything runs.
        self._files = os.path.join(files.temporary_folder(), f"kerasgraph-{os.urandom(8).hex()}")
        weakref.finalize(self, _remove, self._files, os.getpid())
        setup = Setup(world.path, self._files, timeout, most, memory, load_weights)
        self._launch = Launch(world.given(environment), world.folder, setup)
        self._way: _Way = (Forked if forks else Spawned)(self._launch)
        self._asked = 0
        self._waiting: dict[int, ModelRequest] = {}

    def start(self) -> None:
        """Let Keras be imported while others work; never raises."""
        with contextlib.suppress(Exception):  # told by `ask`
            self._begin()

    @property
    def is_ready(self) -> bool:
        """Whether the next answer needs no waiting, or none is to come."""
        return not self._waiting or self._way.has_said

    def ask(self, request: ModelRequest, stop: Event | None = None) -> Answer | None:
        """The answer for one model; ``None`` if another thread says ``stop`` first."""
        for _, answer, _ in self.answers([request], stop):
            return answer
        return None

    def answers(
        self, requests: Iterable[ModelRequest], stop: Event | None = None
    ) -> Iterator[tuple[ModelRequest, Answer, float]]:
        """Each request with its `Answer`, and when its builder began; as they come.

        An answer has the graph, or the `Fault` that hinders it; each comes, and within the time
        limit, whatever the models do. Raises nothing.
        """
        self._waiting = {self._asked + at: one for at, one in enumerate(dict.fromkeys(requests), 1)}
        self._asked += len(self._waiting)
        begun: dict[int, float] = {}
        now = time.time()
        try:
            for ended, answer in self._ended(begun, stop):
                yield self._waiting.pop(ended), answer, begun.get(ended, now)
        except Exception as error:
            why, details = f"{type(error).__name__}: {error}", traceback.format_exc()
            self.close()
            while self._waiting:
                _, request = self._waiting.popitem()
                message = f"Building {request.target!r} was given up: {why}."
                yield request, Answer(Fault("internal", message, _REPORT, details)), now
        finally:
            self._give_up()

    def _ended(self, begun: dict[int, float], stop: Event | None) -> Iterator[tuple[int, Answer]]:
        """The number of each model with its answer."""
        asked: set[int] = set()
        one_by_one = False
        while self._waiting and not (stop is not None and stop.is_set()):
            try:
                if not asked:
                    wanted = list(self._waiting)[: 1 if one_by_one else None]
                    asked.update(wanted)
                    self._begin()
                    self._way.ask([self._question(number) for number in wanted])
                said = self._way.hear(_LOOK_SECONDS)
            except CannotFork:
                self._way.close()
                self._way = Spawned(self._launch)
                asked.clear()
            except (Fault, OSError, ValueError) as error:
                self._way.close()
                told = f"The worker process can't be started: {error}."
                fault = error if isinstance(error, Fault) else Fault("worker", told)
                for number in list(self._waiting):
                    yield number, Answer(fault)
            except Lost as error:
                # One of those that were being built has ended the server.
                self._way.close()
                yield from self._blamed([number for number in asked if number in begun], error)
                one_by_one = True
                asked.clear()
                begun.clear()
            else:
                if isinstance(said, Begun):
                    begun[said.number] = said.started
                elif said is not None:
                    request = self._waiting.get(said.number)
                    answer = self._answer(request.target if request else "", said)
                    asked.discard(said.number)
                    if request is not None:  # it wasn't given up
                        yield said.number, answer

    def _blamed(self, suspects: list[int], error: Lost) -> Iterator[tuple[int, Answer]]:
        """Of several none, which are tried one by one; of none all that wait."""
        if len(suspects) <= 1:
            for number in suspects or list(self._waiting):
                yield number, Answer(endings.lost(self._waiting[number].target, error))

    def close(self) -> None:
        """End all that runs."""
        self._way.close()
        _remove(self._files, os.getpid())

    def _begin(self) -> None:
        guard_path(self._files)
        with contextlib.suppress(FileExistsError):
            os.mkdir(self._files, 0o700)
        self._way.start()

    def _question(self, number: int) -> Question:
        request = self._waiting[number]
        if Target.parse(request.target).is_file:
            request = replace(request, target=os.path.join(self._folder, request.target))
        return Question(number, request)

    def _give_up(self) -> None:
        """Have nothing built any more."""
        numbers, self._waiting = list(self._waiting), {}
        if numbers and self._way.is_running:
            with contextlib.suppress(Exception):
                self._way.ask(Question(number, None) for number in numbers)

    def _answer(self, target: str, ended: Ended) -> Answer:
        place = self._launch.setup.place(ended.number)
        line = _taken(place + ANSWER, files.LARGEST)
        output = (_taken(place + PRINTED, OUTPUT_KEPT) or b"").decode(errors="replace")
        part = _taken(place + PART, 0)
        if line is None:
            if ended.timed_out and not ended.was_ready:
                return Answer(endings.never_ready(target, START_SECONDS, output))
            if ended.timed_out:
                return Answer(endings.slow(target, self._timeout, output))
            if part is not None and ended.code > 0:
                return Answer(endings.unwritten(target, ended.code), output=output)
            return Answer(endings.dead(target, ended, output))
        try:
            return replace(Answer.from_line(line), output=output)
        except ValueError as error:
            found = line[:OUTPUT_KEPT].decode(errors="replace")
            return Answer(endings.unreadable(target, error, found), output=output)


def _taken(path: str, most: int) -> bytes | None:
    """The last bytes of a file, which is removed; ``None`` if there is none."""
    try:  # the author's code may have put anything in its place
        return files.read_end(path, most)
    except OSError:
        return None
    finally:
        try:
            os.unlink(path)
        except OSError:  # none, or a folder
            shutil.rmtree(path, ignore_errors=True)


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # and no fork of Sphinx
        shutil.rmtree(folder, ignore_errors=True)
        release_path(folder)
