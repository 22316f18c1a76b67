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
import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import ModelGraph

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The worker finds modules where Sphinx does: it takes over ``sys.path``, conf.py's additions
#: included, before it imports anything of ours.
_START = """\
import json, sys
sys.path[:] = json.loads(sys.stdin.buffer.raw.readline())
from sphinxcontrib_kerasgraph.extract.server import main
main()
"""

#: Set in the worker unless the environment or ``kerasgraph_environment`` says otherwise: no GPU
#: is taken for drawing, no chatter is printed, and sets have the same order in every build.
_DEFAULT_ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "JAX_PLATFORMS": "cpu",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONHASHSEED": "0",
}


@dataclass(frozen=True)
class Answer:
    """What the worker says of one model."""

    result: ModelGraph | Fault
    #: Files of the author's own that the worker has imported so far.
    sources: tuple[str, ...] = ()
    #: What the user's code printed.
    output: str = ""


class Worker:
    """A process that builds models, started by the first `ask`, and again if it died.

    ``environment`` is added to this process's own; ``timeout`` is in seconds, for one model.
    """

    def __init__(self, environment: Mapping[str, str], timeout: float) -> None:
        self._environment = environment
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        #: How many processes were started so far.
        self.starts = 0

    def ask(self, target: str, input_shape: str | None) -> Answer:
        """The graph of the model, or the `Fault` that hinders it; never raises one."""
        process = self._process or self._start()
        request = json.dumps({"target": target, "input_shape": input_shape})
        timer = threading.Timer(self._timeout, process.kill)
        timer.start()
        try:
            reply = _exchange(process, request)
        finally:
            # Sphinx may fork next: no thread of ours is left running.
            timed_out = not timer.is_alive()
            timer.cancel()
            timer.join()
        if reply is None:
            self.close()
            return Answer(self._death(target, process, timed_out))
        result: ModelGraph | Fault
        if "fault" in reply:
            result = Fault.from_json(reply["fault"])
        else:
            result = ModelGraph.from_json(reply["graph"])
        return Answer(result, tuple(reply["sources"]), reply["output"])

    def close(self) -> None:
        """End the process, if one runs."""
        if self._process is not None:
            _end(self._process, os.getpid())
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = process = subprocess.Popen(
            [sys.executable, "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_DEFAULT_ENVIRONMENT | os.environ | dict(self._environment),
            # Ctrl-C is for Sphinx, which then ends the worker.
            start_new_session=True,
        )
        self.starts += 1
        weakref.finalize(self, _end, process, os.getpid())
        _exchange(process, json.dumps([os.path.abspath(path) for path in sys.path]), reply=False)
        return process

    def _death(self, target: str, process: subprocess.Popen[bytes], timed_out: bool) -> Fault:
        if timed_out:
            return Fault(
                "worker",
                f"Building {target!r} took longer than {self._timeout:g} seconds.",
                "Build a smaller model, or raise kerasgraph_timeout in conf.py.",
            )
        return Fault(
            "worker",
            f"The worker process died with exit code {process.returncode} "
            f"while it built {target!r}.",
            "Out of memory, perhaps, or a crash in a native library: call it in Python to see.",
        )


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
        process.kill()
        process.wait()
        return None
    return answer


def _end(process: subprocess.Popen[bytes], owner: int) -> None:
    if os.getpid() != owner:  # a fork of Sphinx ends; the worker isn't its own
        return
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
