"""The client of the worker process, which builds Keras models outside the Sphinx process.

Sphinx forks for ``-j N``, and a fork of a process with a framework's threads deadlocks; and
user code must not be able to break the build. So models are built in a process of their own,
started when the first one is asked for, which imports Keras once.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import weakref
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.processes import DYING_SECONDS, end, has_ended, kill
from sphinxcontrib_kerasgraph.target import Target
from sphinxcontrib_kerasgraph.worker.protocol import OUTPUT_KEPT, Answer, Question
from sphinxcontrib_kerasgraph.worker.toolchain import DEFAULT_ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinxcontrib_kerasgraph.target import ModelRequest

#: The worker finds modules where Sphinx does: it takes over ``sys.path``, conf.py's additions
#: included, before it imports anything of ours. The author's code sees no arguments of ours.
_START = """\
import json, sys
sys.path[:], load_weights = json.loads(sys.stdin.buffer.raw.readline())
from sphinxcontrib_kerasgraph.worker.server import main
main(load_weights=load_weights)
"""

#: Nothing is imported from the working directory before `sys.path` is there.
COMMAND = (sys.executable, "-P", "-c", _START)

#: So often it is looked whether the process still lives.
_LOOK_SECONDS = 0.2

#: A line that is longer, in bytes, is no answer: a graph of 200,000 calls takes as much.
_LONGEST_LINE = 2**28
_CHUNK = 2**20

_REPORT = "If the model runs, please report this; {more} shows what was found."


class Worker:
    """A process that builds models, started by the first `ask`, and again if it died.

    ``environment`` is added to this process's own; ``timeout`` is in seconds, for one model, the
    start of the process included; files of saved models are named from ``folder`` on. With
    ``load_weights`` the author's code loads them, and downloads and trains, as it would elsewhere.
    ``command`` is the process: it reads `sys.path` and that as a line of JSON, then questions.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        timeout: float,
        folder: str = "",
        command: Sequence[str] = COMMAND,
        *,
        load_weights: bool = False,
    ) -> None:
        self._folder = folder
        self._environment = environment
        self._timeout = timeout
        self._command = command
        self._load_weights = load_weights
        self._process: subprocess.Popen[bytes] | None = None
        #: How many processes were started so far, and when the last one was, as of `time.time`.
        self.starts = 0
        self.started = 0.0
        self._asked = 0
        #: How many models the process that runs has answered for.
        self._answered = 0
        self._stopped = threading.Event()

    def start(self) -> None:
        """Let the process start, and import Keras, while others work; never raises."""
        with contextlib.suppress(Exception):  # told by `ask`
            self._start()

    @property
    def is_running(self) -> bool:
        """Whether its process was started and lives."""
        return self._process is not None and self._process.poll() is None

    def ask(self, request: ModelRequest) -> Answer:
        """The `Answer` for the model: its graph, or the `Fault` that hinders it; in the time limit.

        Raises nothing, whatever the worker says.
        """
        try:
            return self._ask(request, time.monotonic() + self._timeout)
        except Exception as error:
            self.close()
            message = f"Asking for {request.target!r} raised {type(error).__name__}: {error}."
            return Answer(Fault("internal", message, _REPORT, traceback.format_exc()))

    def _ask(self, request: ModelRequest, until: float) -> Answer:
        if self._answered and self._process is not None and self._process.poll() is not None:
            self.close()  # a model before this one has ended it
        try:
            process = self._process or self._start()
        except (OSError, ValueError) as error:
            return Answer(Fault("worker", f"The worker process can't be started: {error}."))
        self._asked += 1
        question = Question(self._asked, self._placed(request))
        exchange = _Exchange(process, question.to_line(), after=self._greeting)
        exchange.start()
        while exchange.is_running(_LOOK_SECONDS):
            # A child that the process left behind may hold its pipes, and an answer be waited for
            # in vain.
            timed_out = time.monotonic() > until
            if timed_out or self._stopped.is_set() or process.poll() is not None:
                kill(process)
                exchange.is_running(DYING_SECONDS)
                break
        else:
            timed_out = False
        try:
            answer = _answer_to(self._asked, exchange.received)
        except ValueError as error:
            fault = self._why(request.target, process, exchange.received, error, timed_out)
            # A model before this one may have written what came in between, or be about to end the
            # process.
            odd = fault.subtype == "internal" or process.returncode == 0
            try_again = odd and self._answered > 0
            self.close()  # nobody knows what it would answer next
            return self._ask(request, until) if try_again else Answer(fault)
        self._answered += 1
        return answer

    def _placed(self, request: ModelRequest) -> ModelRequest:
        if not Target.parse(request.target).is_file:
            return request
        return replace(request, target=os.path.join(self._folder, request.target))

    def stop(self) -> None:
        """Kill the process, from another thread than the one that waits in `ask`, for good."""
        self._stopped.set()
        process = self._process
        if process is not None:
            kill(process)

    def close(self) -> None:
        """End the process, if one runs."""
        if self._process is not None:
            self._end()
            self._process = None
            self._answered = 0

    def _start(self) -> subprocess.Popen[bytes]:
        self.started = time.time()
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._printed,
                bufsize=0,  # a buffer would be written when it is closed, which may wait
                env=DEFAULT_ENVIRONMENT | os.environ | dict(self._environment),
                # Ctrl-C is for Sphinx, which then ends the worker.
                start_new_session=True,
            )
        except BaseException:
            self._printed.close()
            raise
        self._process = process
        self.starts += 1
        # Ends it once, by `close` or when Sphinx exits: later its id may be another process's.
        self._end = weakref.finalize(self, _end, process, self._printed, os.getpid())
        # Entries that are no folders are placeholders of import hooks, and taken as they are.
        path = [
            os.path.abspath(entry) if os.path.isdir(entry or ".") else entry for entry in sys.path
        ]
        greeting = json.dumps([path, self._load_weights]).encode() + b"\n"
        self._greeting = _Exchange(process, greeting, answered=False)
        self._greeting.start()
        # Sphinx may fork next: no thread of ours is left running, but for one that is stuck.
        self._greeting.is_running(_LOOK_SECONDS)
        return process

    def _why(
        self,
        target: str,
        process: subprocess.Popen[bytes],
        line: bytes,
        error: ValueError,
        timed_out: bool,
    ) -> Fault:
        """Why there is no answer."""
        if timed_out:
            return Fault(
                "worker",
                f"Building {target!r} took longer than {self._timeout:g} seconds.",
                "Build a smaller model{or_more_time}.",
                self._last_words(),
            )
        if line.endswith(b"\n"):
            return Fault(
                "internal",
                f"The worker's answer for {target!r} can't be read: {error}.",
                "The code of the model may have used files that it didn't open. " + _REPORT,
                line[:OUTPUT_KEPT].decode(errors="replace"),
            )
        if not has_ended(process, DYING_SECONDS):  # its exit code tells why
            return Fault(
                "internal",
                f"The worker process closed its pipe, or wrote without end, while it built "
                f"{target!r}.",
                "The code of the model may have used files that it didn't open. " + _REPORT,
                self._last_words(),
            )
        return Fault(
            "worker",
            f"The worker process died with exit code {process.returncode} "
            f"while it built {target!r}.",
            "Out of memory, perhaps, or a crash in a native library: {more} shows what it printed.",
            self._last_words(),
        )

    def _last_words(self) -> str:
        size = self._printed.seek(0, os.SEEK_END)
        self._printed.seek(max(0, size - OUTPUT_KEPT))
        return self._printed.read(OUTPUT_KEPT).decode(errors="replace")


def _answer_to(number: int, line: bytes) -> Answer:
    answer = Answer.from_line(line)
    if answer.number != number:
        raise ValueError("an answer to another question")
    return answer


class _Exchange(threading.Thread):
    """Sends a line to a process, and reads one, if it is answered.

    That may take for ever, if nobody reads, or someone holds the pipe; so others don't wait for
    its end without one.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        line: bytes,
        *,
        after: _Exchange | None = None,
        answered: bool = True,
    ) -> None:
        super().__init__(daemon=True)
        self._pipes = process.stdin, process.stdout
        self._line = line
        self._after = after
        self._answered = answered
        #: What the process said, up to the end of a line or of all; nothing before.
        self.received = b""

    def is_running(self, seconds: float) -> bool:
        """Whether it is still under way, after so many seconds at most."""
        self.join(seconds)
        return self.is_alive()

    def run(self) -> None:
        """Do it."""
        if self._after is not None:
            self._after.join()
        to_process, from_process = self._pipes
        if to_process is None or from_process is None:
            return
        with contextlib.suppress(OSError, ValueError):  # broken, and closed
            rest = memoryview(self._line)
            while rest:
                rest = rest[to_process.write(rest) :]
            if self._answered:
                self.received = _read_line(from_process)


def _read_line(pipe: IO[bytes]) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size < _LONGEST_LINE:
        part = pipe.read(_CHUNK)
        parts.append(part)
        size += len(part)
        if not part or b"\n" in part:
            break
    return b"".join(parts)


def _end(process: subprocess.Popen[bytes], printed: IO[bytes], owner: int) -> None:
    if os.getpid() != owner:  # a fork of Sphinx ends; the worker isn't its own
        return
    if process.poll() is None:
        end(process)
    for pipe in (process.stdin, process.stdout, printed):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
