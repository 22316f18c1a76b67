"""Builds that don't wait for the import of Sphinx and Keras: forks of processes that have done it.

Two processes wait: one has imported Sphinx and the extension, the other one Keras. Each build is a
fork of the first, and where it would start a process that imports Keras, it starts one that has a
fork of the second do the rest: with its environment, folder, module path and pipes. So builds share
nothing but what was imported before, which is of no project. A build in whose environment the
imports themselves would be others is a command as ever.

`Project.build` builds so, in a third of the time of the processor, unless
``KERASGRAPH_REAL_BUILDS`` is set, as by `make test-oldest`.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from running import MARK, be_marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

TESTS = os.path.dirname(__file__)
_PACKAGE = "sphinxcontrib_kerasgraph"
#: Parts of the package that are for processes with Keras.
_WITH_KERAS = tuple(
    f"{_PACKAGE}.{name}"
    for name in ("extract", "notebook", "worker.builder", "worker.server", "worker.importer")
)


#: Variables that decide what is imported, and how: their beginnings.
_DECIDING = "PYTHON", "KERAS_", "TF_", "JAX_", "XLA_", "CUDA_", "OMP_", "LD_", "KERASGRAPH_TEST_"

#: With this a build is a command as ever.
REAL = {"KERASGRAPH_TEST_REAL": "1"}

IS_WANTED = hasattr(os, "fork") and os.environ.get("KERASGRAPH_REAL_BUILDS") != "1"


def deciding(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that decide what processes import."""
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(_DECIDING) and name != MARK
    }


@dataclass
class Done:
    """How a build ended."""

    returncode: int
    output: str
    seconds: float


@dataclass
class Hosts:
    """The two processes."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    #: What `deciding` says of the processes that started them.
    environment: dict[str, str] = field(default_factory=lambda: deciding(os.environ))

    @property
    def keras(self) -> str:
        """The socket of the one that has imported Keras."""
        return str(self.folder / "keras")

    @property
    def sphinx(self) -> str:
        """The socket of the one that has imported Sphinx."""
        return str(self.folder / "sphinx")

    def start(self) -> None:
        """Start both, and wait until they are there."""
        from sphinxcontrib_kerasgraph.worker.world import World

        found = {"PYTHONPATH": os.pathsep.join([TESTS, *sys.path])}
        with_keras = World().given({})
        begun = deciding(with_keras)
        for call, environment in {
            f"host_keras({self.keras!r})": with_keras,
            f"host_sphinx({self.sphinx!r}, {self.keras!r}, {begun!r})": os.environ,
        }.items():
            process = subprocess.Popen(
                [sys.executable, "-c", f"import fork_hosts; fork_hosts.{call}"],
                env={**environment, **found, MARK: ""},  # it stays when a test has ended
                stderr=subprocess.DEVNULL,
            )
            self.processes.append(process)
        for place in (self.keras, self.sphinx):
            while not os.path.exists(place):
                assert all(one.poll() is None for one in self.processes)
                time.sleep(0.05)

    def build(
        self,
        *arguments: str,
        environment: dict[str, str],
        folder: Path,
        timeout: float | None = None,
    ) -> Done:
        """Run ``sphinx-build`` with the arguments. Raises `TimeoutError` when it takes longer."""
        begin = time.monotonic()
        with tempfile.TemporaryFile() as output, open(os.devnull, "rb") as nothing:
            question = {"argv": arguments, "environment": environment, "folder": str(folder)}
            files = [nothing.fileno(), output.fileno(), output.fileno()]
            code = _ask(self.sphinx, question, files, timeout=timeout)
            output.seek(0)
            said = output.read().decode(errors="replace")
        return Done(code, said, time.monotonic() - begin)

    def end(self) -> None:
        """End both."""
        for process in self.processes:
            process.kill()
            process.wait()


@contextlib.contextmanager
def hosts(folder: Path) -> Iterator[Hosts]:
    """Both, while they are needed."""
    both = Hosts(folder)
    try:
        both.start()
        yield both
    finally:
        both.end()


@cache
def shared_hosts() -> Hosts:
    """Both, for all builds of this process of tests; they end with it."""
    # Sockets have short names.
    both = Hosts(Path(tempfile.mkdtemp(prefix="hosts-")))
    atexit.register(shutil.rmtree, both.folder)
    atexit.register(both.end)
    both.start()
    return both


def _ask(
    place: str,
    question: object,
    files: list[int],
    *,
    passes_on: bool = False,
    timeout: float | None = None,
) -> int:
    """Have a host run something with these as standard streams; its exit code, as of `Popen`."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(place)
        line = json.dumps(question).encode() + b"\n"
        socket.send_fds(asking, [line], files)
        answers = asking.makefile()
        process = int(answers.readline())
        if passes_on:
            signal.signal(signal.SIGTERM, lambda number, _: os.kill(process, number))
        asking.settimeout(timeout)
        try:
            return int(answers.readline() or -9)
        except TimeoutError:
            os.killpg(process, signal.SIGKILL)
            raise


# What the hosts run


def host_keras(place: str) -> None:
    """Fork what would be processes that import Keras."""
    import keras  # noqa: F401 - here alone

    def run(question: dict[str, object]) -> None:
        sys.argv = ["-c", str(question["argv"])]
        exec(str(question["code"]), {"__name__": "__main__"})

    _host(place, run)


def host_sphinx(place: str, keras: str, begun: Mapping[str, str]) -> None:
    """Fork builds, with which ``begun`` is what `deciding` says of those that import Keras."""
    from sphinx.cmd import build

    import sphinxcontrib_kerasgraph as package
    from sphinxcontrib_kerasgraph.worker import launch

    for module in pkgutil.walk_packages(package.__path__, f"{_PACKAGE}."):
        if not module.name.startswith(_WITH_KERAS) and ".script" not in module.name:
            importlib.import_module(module.name)
    assert "keras" not in sys.modules
    code_of = launch.code_of

    def run(question: dict[str, object]) -> None:
        def relayed(module: str) -> str:
            return (
                f"import sys; sys.path.insert(0, {TESTS!r}); import fork_hosts; "
                f"fork_hosts.relay({keras!r}, {code_of(module)!r}, {begun!r})"
            )

        launch.code_of = relayed
        sys.argv = ["sphinx-build"]
        sys.exit(build.main(list(question["argv"])))  # type: ignore[call-overload]

    _host(place, run)


def relay(place: str, code: str, begun: Mapping[str, str]) -> None:
    """Be, for who has started this process, one that a host forks.

    But with another environment than that has ``begun`` in do without it.
    """
    if deciding(os.environ) != begun:
        exec(code, {"__name__": "__main__"})
        return
    question = {
        "argv": sys.argv[-1],
        "code": code,
        "environment": dict(os.environ),
        "folder": os.getcwd(),
    }
    ended = _ask(place, question, [0, 1, 2], passes_on=True)
    if ended < 0:
        os.kill(os.getpid(), -ended)
    os._exit(ended)


def _host(place: str, run: Callable[[dict[str, object]], None]) -> None:
    client = os.getppid()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"{place}.part")
    listening.listen()
    os.rename(f"{place}.part", place)
    running: dict[int, socket.socket] = {}
    while os.getppid() == client:
        ready, _, _ = select.select([listening], [], [], 0.005 if running else 1)
        if ready:
            asked, _ = listening.accept()
            line, files, _, _ = socket.recv_fds(asked, 2**20, 3)
            while not line.endswith(b"\n"):
                line += asked.recv(2**20)
            process = os.fork()
            if not process:
                listening.close()
                for one in (asked, *running.values()):
                    one.close()
                _run(run, json.loads(line), files)
            for file in files:
                os.close(file)
            running[process] = asked
            asked.sendall(b"%d\n" % process)
        for process in list(running):
            found, status = os.waitpid(process, os.WNOHANG)
            if found:
                with running.pop(process) as asked, contextlib.suppress(OSError):
                    asked.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _run(
    run: Callable[[dict[str, object]], None], question: dict[str, object], files: list[int]
) -> None:
    code = 1
    try:
        os.setsid()
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        os.environ.clear()
        os.environ.update(question["environment"])  # type: ignore[call-overload]
        be_marked(os.environ)
        os.chdir(str(question["folder"]))
        tempfile.tempdir = None
        importlib.invalidate_caches()
        run(question)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - it is said
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        if "sphinx.cmd.build" in sys.modules:  # as an interpreter does when it ends
            atexit._run_exitfuncs()
        os._exit(code)
