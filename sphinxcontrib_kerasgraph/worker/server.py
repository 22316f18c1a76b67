"""The process that has imported Keras, and forks a builder for each model that is asked for.

So each model is what it would be alone in the build, whatever the code of others has changed, and
Keras is imported once. Where several models are found in one module, that is imported once, too:
by an importer, which forks their builders (`worker.importer`). The server runs no author's code
itself, and has no threads: none that is forked could hang for want of them. See `worker.forked`,
its client.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from sphinxcontrib_kerasgraph.target import Target
from sphinxcontrib_kerasgraph.worker import builder, importer
from sphinxcontrib_kerasgraph.worker.descendants import (
    adopt,
    end_all_but,
    end_with_parent,
    has_one_thread,
)
from sphinxcontrib_kerasgraph.worker.importing import Importer
from sphinxcontrib_kerasgraph.worker.memory import killed_for_memory
from sphinxcontrib_kerasgraph.worker.protocol import PRINTED, Begun, Ended, Question, Setup, line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: So often it looks whether its client lives.
_LOOK_SECONDS = 1
_CHUNK = 2**16

#: In bytes.
_LONGEST_OUTPUT = 2**25


@dataclass
class _Builder:
    number: int
    started: float
    until: float
    killed_before: int
    timed_out: bool = False


def main() -> NoReturn:
    """Serve until standard input ends, whose first line is the `Setup`, and others `Question`."""
    questions, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    client = os.getppid()
    setup = Setup.from_line(_first_line(questions))
    adopt()
    fault = builder.prepare(setup)
    ready = {
        "fault": None if fault is None else fault.to_dict(),
        "forks": fault is not None or _can_fork(),
    }
    _say(answers, line_of(ready))
    if ready["forks"]:  # or builders are started instead
        Server(setup, questions, answers, client).serve()
    os._exit(0)


def _first_line(file: int) -> bytes:
    """Read no more than that: others follow."""
    line = b""
    while not line.endswith(b"\n"):
        one = os.read(file, 1)
        if not one:
            os._exit(0)
        line += one
    return line


def _say(file: int, line: bytes) -> None:
    rest = memoryview(line)
    while rest:
        rest = rest[os.write(file, rest) :]


def _can_fork() -> bool:
    """Whether this process has one thread; libraries of numbers end theirs when it forks."""
    process = os.fork()
    if not process:
        os._exit(0)
    os.waitpid(process, 0)
    return has_one_thread()


class Server:
    """Forks builders, and tells how they end."""

    def __init__(self, setup: Setup, questions: int, answers: int, client: int) -> None:
        self._setup = setup
        self._questions = questions
        self._answers = answers
        self._client = client
        self._read = b""
        self._waiting: deque[Question] = deque()
        #: Of each that was asked, by number.
        self._owners: dict[int, str] = {}
        self._running: dict[int, _Builder] = {}
        self._importers: dict[int, Importer] = {}
        #: Owners that each model has to import for itself.
        self._not_shared: set[str] = set()
        #: How those ended that importers haven't told of yet.
        self._unknown: dict[int, int] = {}
        #: Ends to be told, once what those have left has ended.
        self._ended: list[Ended] = []
        # Written to when a child ends.
        self._woken, self._wakes = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wakes, False)

    def serve(self) -> None:
        """Do so until the client has ended, or wants no more."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakes, warn_on_full_buffer=False)
        with contextlib.suppress(BrokenPipeError):  # the client has ended
            while self._hears():
                self._hear_importers()
                self._reap()
                self._cut_output()
                self._kill_slow()
                while self._has_room() and self._start_one():
                    pass

    # What is said

    def _hears(self) -> bool:
        """Wait for a question, the end of a builder, or a limit; whether there is a client."""
        ends = [one.until for one in self._limited().values()]
        pause = max(0.0, min([_LOOK_SECONDS, *(end - time.monotonic() for end in ends)]))
        files = [self._questions, self._woken, *(one.says for one in self._busy())]
        ready, _, _ = select.select(files, [], [], pause)
        if self._woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._woken, _CHUNK)
        if self._questions in ready:
            read = os.read(self._questions, _CHUNK)
            if not read:
                return False
            *lines, self._read = (self._read + read).split(b"\n")
            for line in lines:
                self._take(Question.from_line(line + b"\n"))
        return os.getppid() == self._client

    def _take(self, question: Question) -> None:
        if question.request is not None:
            self._waiting.append(question)
            self._owners[question.number] = Target.parse(question.request.target).owner
            return
        self._waiting = _without(self._waiting, question.number)
        for one in self._importers.values():
            one.questions = _without(one.questions, question.number)
        for builder_ in self._running.values():
            if builder_.number == question.number:
                builder_.until = 0

    def _busy(self) -> list[Importer]:
        return [one for one in self._importers.values() if one.is_busy]

    def _hear_importers(self) -> None:
        """Learn of builders that importers have forked."""
        for one in self._busy():
            try:
                for process in one.hear():
                    self._add_builder(one, process)
            except (ValueError, OSError):  # the author's code writes to what is not its own
                one.give_up()
        if not self._busy():
            self._unknown.clear()

    def _add_builder(self, one: Importer, process: int) -> None:
        """Take over one that an importer has forked. Raises `ValueError`, `OSError` if it isn't."""
        status = self._unknown.pop(process, None)
        if status is None:  # it runs, if it is a child of this process
            os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        assert one.asked is not None  # noqa: S101 - it has told the number
        until = time.monotonic() + self._setup.timeout - (one.took or 0)
        built = _Builder(one.asked.number, one.started, until, one.killed_before)
        one.asked = None
        if status is None:
            self._running[process] = built
        else:
            self._add_end(built, status)

    # What is started

    def _has_room(self) -> bool:
        return len(self._running) + len(self._busy()) < self._setup.most

    def _start_one(self) -> bool:
        """Have the next model built, or what several have in common imported; whether there was."""
        for one in self._importers.values():
            if one.is_free:
                one.ask()
                return True
        if not self._waiting:
            return False
        question = self._waiting.popleft()
        owner = self._owners[question.number]
        others = [one for one in self._waiting if self._owners[one.number] == owner]
        if owner and others and owner not in self._not_shared:
            for one_of in others:
                self._waiting.remove(one_of)
            self._start_importer(owner, [question, *others])
        else:
            begun = time.time()
            until = time.monotonic() + self._setup.timeout
            _say(self._answers, Begun(question.number, begun).to_line())
            built = _Builder(question.number, begun, until, killed_for_memory())
            process = self._fork(lambda: self._build(question))
            self._running[process] = built
        return True

    def _start_importer(self, owner: str, questions: list[Question]) -> None:
        place = f"{self._setup.place(questions[0].number)}-import{PRINTED}"
        before = killed_for_memory()
        (asked, to), (says, said) = os.pipe(), os.pipe()

        def run() -> None:
            os.close(to)
            os.close(says)
            request = questions[0].request
            assert request is not None  # noqa: S101 - it was waiting
            try:
                importer.serve(request, place, self._setup, asked, said)
            finally:
                os._exit(importer.NOT_SHARED)

        process = self._fork(run)
        os.close(asked)
        os.close(said)
        one = Importer(
            owner, process, deque(questions), to, says, place, before, self._setup.timeout
        )
        self._importers[process] = one
        # Of each, since the import may end this process.
        for question in questions:
            _say(self._answers, Begun(question.number, one.started).to_line())

    def _build(self, question: Question) -> None:
        assert question.request is not None  # noqa: S101 - it was waiting
        builder.build(question.request, self._setup.place(question.number), self._setup)

    def _fork(self, run: Callable[[], None]) -> int:
        server = os.getpid()
        process = os.fork()
        if process:
            return process
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            end_with_parent(server)
            for one in self._importers.values():
                one.close()
            for file in (self._questions, self._answers, self._woken, self._wakes):
                os.close(file)
            run()
        except BaseException as error:  # as where the author's code leaves no room for an answer
            builder.tell(error)
        finally:  # it is no server, whatever happens
            os._exit(1)

    # What has ended

    def _reap(self) -> None:
        """Tell the ends of builders, with which all that they have started ends."""
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                break
            if ended is None:
                break
            process = ended.si_pid
            if process in self._running or process in self._importers:
                # Before it is waited for: then its id may be another's.
                with contextlib.suppress(OSError):
                    os.killpg(process, signal.SIGKILL)
            _, status = os.waitpid(process, 0)
            if process in self._running:
                self._add_end(self._running.pop(process), status)
            elif process in self._importers:
                self._end_importer(self._importers.pop(process), status)
            elif any(one.asked for one in self._importers.values()):
                self._unknown[process] = status
        for one in self._importers.values():
            if one.took is not None and one.is_done:
                one.close()
        # None is a stranger that an importer is about to tell of.
        if self._ended and not any(one.asked for one in self._importers.values()):
            end_all_but((*self._running, *self._importers))
            for told in self._ended:
                _say(self._answers, told.to_line())
            self._ended.clear()

    def _add_end(self, one: _Builder, status: int) -> None:
        ended = Ended(
            one.number,
            one.started,
            os.waitstatus_to_exitcode(status),
            one.timed_out,
            killed_for_memory() > one.killed_before,
        )
        self._ended.append(ended)

    def _end_importer(self, one: Importer, status: int) -> None:
        """Have those that it leaves built without it, unless its import is what has ended it."""
        one.close()
        left = [*([one.asked] if one.asked else ()), *one.questions]
        code = os.waitstatus_to_exitcode(status)
        is_told = one.timed_out or code not in {0, importer.NOT_SHARED}
        if one.took is None and is_told and not one.is_odd:
            for question in left:
                with contextlib.suppress(OSError):
                    shutil.copyfile(one.place, self._setup.place(question.number) + PRINTED)
                built = _Builder(question.number, one.started, 0, one.killed_before, one.timed_out)
                self._add_end(built, status)
        elif left:
            self._not_shared.add(one.owner)
            self._waiting.extendleft(reversed(left))
        with contextlib.suppress(OSError):
            os.unlink(one.place)

    # What takes too much

    def _kill_slow(self) -> None:
        now = time.monotonic()
        for process, one in self._limited().items():
            if now >= one.until:
                one.timed_out = True
                one.until = now + self._setup.timeout
                with contextlib.suppress(OSError):
                    os.kill(process, signal.SIGKILL)

    def _limited(self) -> dict[int, _Builder | Importer]:
        return {**self._running, **{one.process: one for one in self._busy()}}

    def _cut_output(self) -> None:
        """Forget what builders print without end."""
        paths = [self._setup.place(one.number) + PRINTED for one in self._running.values()]
        for path in (*paths, *(one.place for one in self._busy())):
            with contextlib.suppress(OSError):
                if os.stat(path).st_size > _LONGEST_OUTPUT:
                    os.truncate(path, 0)


def _without(questions: Iterable[Question], number: int) -> deque[Question]:
    return deque(one for one in questions if one.number != number)
