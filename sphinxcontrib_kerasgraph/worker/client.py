"""The client of the worker process, which builds Keras models outside the Sphinx process.

Sphinx forks for ``-j N``, and a fork of a process with a framework's threads deadlocks; and
user code must not be able to break the build. So models are built in a process of their own,
started when the first one is asked for, which imports Keras once.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from dataclasses import asdict, dataclass, field
from typing import IO, TYPE_CHECKING, Any, Self

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.target import Target
from sphinxcontrib_kerasgraph.worker.server import OUTPUT_KEPT
from sphinxcontrib_kerasgraph.worker.toolchain import DEFAULT_ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinxcontrib_kerasgraph.target import ModelRequest

#: The worker finds modules where Sphinx does: it takes over ``sys.path``, conf.py's additions
#: included, before it imports anything of ours.
_START = """\
import json, sys
sys.path[:] = json.loads(sys.stdin.buffer.raw.readline())
from sphinxcontrib_kerasgraph.worker.server import main
main()
"""

#: So often it is looked whether the process still lives.
_WATCH_SECONDS = 0.2

#: So long a process that closed its pipes may take to end.
_DYING_SECONDS = 5


@dataclass(frozen=True)
class Answer:
    """What the worker says of one model."""

    result: ModelGraph | Fault
    #: The graph as JSON.
    json: str = ""
    #: What the model is made from, by kind: see `Dependencies.made_from`.
    made_from: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: How long it took, the start of the process and the import of Keras aside.
    seconds: float = 0
    #: What the user's code printed.
    output: str = ""


class Worker:
    """A process that builds models, started by the first `ask`, and again if it died.

    ``environment`` is added to this process's own; ``timeout`` is in seconds, for one model;
    files of saved models are named from ``folder`` on.
    """

    def __init__(self, environment: Mapping[str, str], timeout: float, folder: str = "") -> None:
        self._folder = folder
        self._environment = environment
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        #: How many processes were started so far, and when the last one was, as of `time.time`.
        self.starts = 0
        self._asked = 0
        self.started = 0.0

    def start(self) -> None:
        """Let the process start, and import Keras, while others work; never raises."""
        with contextlib.suppress(OSError, ValueError):  # told by `ask`
            self._start()

    def ask(self, request: ModelRequest) -> Answer:
        """The graph of the model, or the `Fault` that hinders it; never raises one."""
        try:
            process = self._process or self._start()
        except (OSError, ValueError) as error:
            return Answer(Fault("worker", f"The worker process can't be started: {error}."))
        with _Watch(process, self._timeout) as watch:
            self._asked += 1
            question = self._question(request) | {"number": self._asked}
            reply = _exchange(process, json.dumps(question))
            if reply is not None and reply.get("number") != self._asked:
                _kill(process)  # nobody knows what it will answer next
                process.wait()
                reply = None
        if reply is None:
            fault = self._death(request.target, process, watch.timed_out)
            self.close()
            return Answer(fault)
        rest = reply["made_from"], reply["seconds"], reply["output"]
        if "fault" in reply:
            return Answer(Fault.from_dict(reply["fault"]), "", *rest)
        return Answer(ModelGraph.from_json(reply["graph"]), reply["graph"], *rest)

    def _question(self, request: ModelRequest) -> dict[str, Any]:
        question = asdict(request)
        if Target.parse(request.target).is_file:
            question["target"] = os.path.join(self._folder, request.target)
        return question

    def stop(self) -> None:
        """Kill the process, from another thread than the one that waits in `ask`."""
        process = self._process
        if process is not None:
            _kill(process)

    def close(self) -> None:
        """End the process, if one runs."""
        if self._process is not None:
            self._end()
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        self.started = time.time()
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        self._process = process = subprocess.Popen(
            # Nothing is imported from the working directory before `sys.path` is there.
            [sys.executable, "-P", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._printed,
            env=DEFAULT_ENVIRONMENT | os.environ | dict(self._environment),
            # Ctrl-C is for Sphinx, which then ends the worker.
            start_new_session=True,
        )
        self.starts += 1
        # Ends it once, by `close` or when Sphinx exits: later its id may be another process's.
        self._end = weakref.finalize(self, _end, process, self._printed, os.getpid())
        # Entries that are no folders are placeholders of import hooks, and taken as they are.
        path = [
            os.path.abspath(entry) if os.path.isdir(entry or ".") else entry for entry in sys.path
        ]
        _exchange(process, json.dumps(path), reply=False)
        return process

    def _death(self, target: str, process: subprocess.Popen[bytes], timed_out: bool) -> Fault:
        self._printed.seek(0)
        printed = self._printed.read().decode(errors="replace")[-OUTPUT_KEPT:]
        if timed_out:
            return Fault(
                "worker",
                f"Building {target!r} took longer than {self._timeout:g} seconds.",
                "Build a smaller model, or raise kerasgraph_timeout in conf.py.",
                printed,
            )
        return Fault(
            "worker",
            f"The worker process died with exit code {process.returncode} "
            f"while it built {target!r}.",
            "Out of memory, perhaps, or a crash in a native library: 'sphinx-build -vv' shows what "
            "it printed.",
            printed,
        )


class _Watch:
    """Ends the process, and what it started, when it has died or its time is up.

    Otherwise a child that it left behind would hold the pipe, and an answer be waited for in vain.
    """

    def __init__(self, process: subprocess.Popen[bytes], timeout: float) -> None:
        self._process = process
        self._deadline = time.monotonic() + timeout
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.timed_out = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Sphinx may fork next: no thread of ours is left running.
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.wait(_WATCH_SECONDS):
            died = self._process.poll() is not None
            self.timed_out = not died and time.monotonic() > self._deadline
            if died or self.timed_out:
                _kill(self._process)
                return


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and those that it started, which share its group."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _exchange(
    process: subprocess.Popen[bytes], request: str, *, reply: bool = True
) -> dict[str, Any] | None:
    """Send a line; return the answer, or ``None`` if the process died."""
    if process.stdin is None or process.stdout is None:
        return None
    try:
        process.stdin.write(request.encode() + b"\n")
        process.stdin.flush()
        line = process.stdout.readline() if reply else b"{}\n"
        answer: dict[str, Any] = json.loads(line)
    except (OSError, ValueError):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_DYING_SECONDS)  # it ended by itself: its exit code tells why
        _kill(process)
        process.wait()
        return None
    return answer


def _end(process: subprocess.Popen[bytes], printed: IO[bytes], owner: int) -> None:
    if os.getpid() != owner:  # a fork of Sphinx ends; the worker isn't its own
        return
    if process.poll() is None:
        _kill(process)
        process.wait()
    for pipe in (process.stdin, process.stdout, printed):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
