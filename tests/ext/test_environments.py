"""Builds on machines, and by conf.py, of which something is odd: all is drawn, or one thing told.

What hinders nobody is tried several at a time, since each build imports Keras.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from left_behind import watched
from provoked import Provoked, assert_as_alone, assert_told
from sphinx_project import TESTS, WITHOUT_KERAS, Build, make_project

pytestmark = pytest.mark.slow  # a build for each

ROOT = TESTS.parent
MINE = "from zoo.first import branches\n\ndef build():\n    return branches()\n"
INDEX = """
Page
====

.. keras-model:: zoo.first.mlp

.. keras-model:: mod_mine.build
   :caption: Käse
"""
ONE_MODEL = INDEX.partition(".. keras-model:: mod_mine")[0]
MOCKS = "extensions.append('sphinx.ext.autodoc')\n"

#: Root may write where it may not, without these capabilities.
AS_OTHERS = () if os.name != "posix" or os.geteuid() else (
    "setpriv", "--bounding-set=-dac_override,-dac_read_search")  # fmt: skip
#: Runs a command where a folder, `PLACE`, is a small disk.
SMALL_DISK = ("unshare", "--mount", "sh", "-c",
              'mount -t tmpfs -o size="$SIZE" none "$PLACE" && exec "$0" "$@"')  # fmt: skip


@dataclass(frozen=True)
class Machine:
    """What is odd, and how it is made so."""

    conf: str = ""
    #: Variables; ``{}`` stands for the folder of the project, None for one that isn't there.
    environment: dict[str, str | None] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    #: Where the project is.
    folder: str = "project"
    #: Files that are there before the build, and folders, which have no text.
    given: dict[str, str | None] = field(default_factory=dict)
    #: Those that nobody may write to.
    read_only: tuple[str, ...] = ()
    #: More pages and modules.
    files: dict[str, str] = field(default_factory=dict)
    #: Whether the graphs are in the cache; the page has but the model that is known, then.
    is_known: bool = False

    def build(self, folder: Path, known: Path) -> Build:
        """Build a project there; what is left behind is found."""
        place = folder / self.folder
        place.mkdir()
        pages = {"index": ONE_MODEL} if self.is_known else {"index": INDEX, "mod_mine": MINE}
        cache = known if self.is_known else None
        project = make_project(place, self.conf, known=cache, **pages | self.files)
        for name, text in self.given.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir() if text is None else path.write_text(text, encoding="utf-8")
        if "linked" in self.options:
            project.source.rename(place / "real")
            project.source.symlink_to("real")
        locked = [
            one for name in self.read_only for one in (place / name, *(place / name).rglob("*"))
        ]
        for path in reversed(locked):
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            with watched(folder) as mark:
                environment = os.environ | {"NO_COLOR": "1"} | mark
                for name, value in self.environment.items():
                    environment[name] = "" if value is None else value.replace("{}", str(place))
                    if value is None:
                        del environment[name]
                return self._built(project.source, place, environment)
        finally:
            for path in locked:
                path.chmod(0o755)

    def _built(self, source: Path, place: Path, environment: dict[str, str]) -> Build:
        out, log = place / "html", place / "log"
        options = [one for one in self.options if one != "linked"]
        done = subprocess.run(
            [
                *self.prefix,
                *(sys.executable, "-m", "sphinx", "-b", "html", "-w", str(log)),
                *("-d", str(place / "doctrees"), *options, str(source), str(out)),
            ],
            capture_output=True,
            cwd=TESTS,
            env=environment,
            timeout=300,
            check=False,
        )
        output = (done.stdout + done.stderr).decode(errors="replace")
        assert log.is_file(), output
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        return Build(out, done.returncode, output, [one for one in lines if "WARNING" in one])


def can_mount() -> bool:
    """Whether this machine lets one make a small disk."""
    done = subprocess.run(
        [*SMALL_DISK, "true"],
        env=os.environ | {"SIZE": "8k", "PLACE": str(TESTS)},
        capture_output=True,
        check=False,
    ) if shutil.which("unshare") else None  # fmt: skip
    return done is not None and done.returncode == 0


@pytest.fixture(scope="module")
def built(tmp_path_factory, dot, known):
    """The build on each machine, made once."""
    made: dict[int, Build] = {}

    def get(machine: Machine) -> Build:
        if id(machine) not in made:
            made[id(machine)] = machine.build(tmp_path_factory.mktemp("machine"), known)
        return made[id(machine)]

    return get


PLAIN = Machine()
KNOWN = Machine(is_known=True)


@pytest.fixture(scope="module")
def alone(built):
    """What is drawn where nothing is odd."""
    build = built(PLAIN)
    assert (build.returncode, build.warnings) == (0, []), build.output
    return build


def _name(value: object) -> str:
    return str(value) if isinstance(value, Provoked) else ""


# What hinders nobody

VARIABLES = Machine(
    environment={
        "HOME": None,
        "XDG_CACHE_HOME": "not/absolute",
        "LANG": "C",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONIOENCODING": "ascii",
        "PYTHONPATH": os.pathsep.join(
            [str(ROOT), "", "{}/nosuch", "/dev/null", "relative", '{}/it\'s "here"', "{}/log"]
        ),
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": "{}/nosuch",
        "ODD": "\udcff\udcfe",
    },
)
LIMITS = Machine(
    "import tempfile\nwork = tempfile.mkdtemp()\nos.chdir(work)\nos.rmdir(work)\n",
    {"HOME": "{}/home", "KERAS_HOME": "{}/home/keras", "PYTHONWARNINGS": "error"},
    ("prlimit", "--nofile=24", "--stack=262144", "taskset", "--cpu-list", "0"),
    ("-j", "4"),
    given={"home": ""},
)
CONF = Machine(
    """
import pathlib
import tensorflow as tf
tf.constant(1) + tf.constant(2)
os.environ["PYTHONHASHSEED"] = "7"
os.environ["ODD"] = "set by conf.py"
os.chdir("/")
sys.path += [pathlib.Path("/nosuch"), "__editable__.finder.__path_hook__"]
""",
    options=("-j", "2"),
    files={f"page{at}": f":orphan:\n\n{INDEX}" for at in range(6)},
)
MOCKED = Machine(
    MOCKS
    + "from unittest.mock import MagicMock\nsys.modules['keras'] = MagicMock()\n"
    + "autodoc_mock_imports = ['keras', 'tensorflow', 'nosuch_library']\n",
    files={
        "library": ":orphan:\n\nLibrary\n=======\n\n.. automodule:: mod_far\n   :members:\n\n"
        ".. keras-model:: mod_far.build\n",
        "mod_far": "import nosuch_library.parts\n" + MINE,
    },
)
PLACES = Machine(
    "kerasgraph_cache_dir = '../cä che #%&'\n",
    {"HOME": "{}/home"},
    AS_OTHERS,
    ("linked",),
    folder='it\'s a "place" ä 日本 #%&$é {x} ~;',
    given={"home": None},
    read_only=("real", "home"),
)
#: Without what other systems than POSIX don't have; `subprocess` keeps what it uses itself.
WINDOWS = """
import os, signal, subprocess, sys, types
subprocess.signal = types.SimpleNamespace(**vars(signal))
import multiprocessing.context, tempfile, threading
for module, names in {
    os: "fork forkpty killpg setsid getpgid setpgid getuid geteuid waitid wait3 wait4 WNOHANG"
        " mkfifo O_NOFOLLOW O_NONBLOCK O_CLOEXEC chown getrlimit",
    signal: "SIGKILL SIGCHLD SIGSTOP SIGHUP SIGALRM SIGUSR1 SIGXCPU setitimer pthread_kill "
        "pthread_sigmask",
}.items():
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
for name in ("resource", "fcntl", "pwd", "grp", "termios"):
    sys.modules[name] = None
"""
NO_POSIX = Machine(
    "kerasgraph_timeout = 4\nkerasgraph_memory_limit = 500\n",
    {"PYTHONPATH": os.pathsep.join(["{}/source", str(ROOT)])},
    files={
        "faults": ":orphan:\n\nFaults\n======\n\n.. keras-model:: zoo.faulty.hangs\n\n"
        ".. keras-model:: zoo.faulty.dies\n\n.. keras-model:: zoo.faulty.raises\n",
    },
    given={"source/sitecustomize.py": WINDOWS},
)
NO_PROC = Machine(environment={"PLACE": "/proc", "SIZE": "8k"}, prefix=SMALL_DISK)

DRAWN = [
    (VARIABLES, "the environment has no ``HOME``"),
    (VARIABLES, "``XDG_CACHE_HOME`` isn't absolute"),
    (VARIABLES, "``LC_ALL=C``, ``PYTHONUTF8=0``, and standard output is ASCII"),
    (VARIABLES, "``PYTHONPATH`` has files, and folders that aren't there"),
    (VARIABLES, "``PYTHONSAFEPATH=1``"),
    (VARIABLES, "``PYTHONDONTWRITEBYTECODE=1``"),
    (VARIABLES, "``TMPDIR`` is a folder that isn't there"),
    (VARIABLES, "a variable of the environment is no text"),
    (LIMITS, "``HOME`` is a file"),
    (LIMITS, "``PYTHONWARNINGS=error``"),
    (LIMITS, "a process may have 24 files open"),
    (LIMITS, "a process has a stack of 256 kB"),
    (LIMITS, "``sphinx-build -j 4`` has one processor"),
    (LIMITS, "the working directory is gone"),
    (PLACES, "``HOME`` can't be written to"),
    (PLACES, "the source folder can't be written to"),
    (PLACES, "the source folder is a symbolic link"),
    (PLACES, "paths have spaces, quotes, ``#``, ``%``, ``&`` and letters beyond ASCII"),
    (NO_PROC, "there is no ``/proc``"),
    (NO_POSIX, "there is no ``os.fork``, ``os.killpg``, ``SIGKILL`` and ``resource``"),
]
DRAWN_BY_CONF = [
    (CONF, "imports TensorFlow, and Sphinx forks (``-j 2``)"),
    (CONF, "changes the environment"),
    (CONF, "changes the working directory"),
    (CONF, "puts a ``Path`` into ``sys.path``"),
    (MOCKED, "mocks Keras and TensorFlow by ``autodoc_mock_imports``"),
    (MOCKED, "puts a mock of Keras into ``sys.modules``"),
]
HARMLESS = [
    (Provoked(where, what, "", "all is drawn"), machine)
    for where, rows in (("The machine", DRAWN), ("``conf.py``", DRAWN_BY_CONF))
    for machine, what in rows
]


@pytest.mark.skipif(sys.platform != "linux", reason="the machines are Linux's")
@pytest.mark.parametrize(("fault", "machine"), HARMLESS, ids=_name)
def test_what_hinders_nobody(fault, machine, built, alone):
    if machine is NO_PROC and not can_mount():
        pytest.skip("nothing may be mounted here")
    build = built(machine)
    assert_told(fault, build, "index.rst")
    assert_as_alone(build, alone)


def test_faults_where_nothing_is_forked(built):
    """As on Windows."""
    found = [one for one in built(NO_POSIX).warnings if "faults.rst:" in one]
    says = ["took longer than 4 seconds", "ended with exit code 9; it printed last: last words"]
    says.append("raised RuntimeError: no such thing")
    assert len(found) == len(says)
    assert all(said in one for said, one in zip(says, found, strict=True)), found
    assert built(NO_POSIX).read("faults.html").count("could not be drawn") == 3


# What is told

FAULTS = [
    (
        Provoked("The machine", "the cache folder can't be written to", "cache",
                 "can't be kept for the next build: [Errno 13] Permission denied"),
        Machine(prefix=AS_OTHERS, read_only=("cache",), is_known=True),
        "WARNING",
    ),
    (
        Provoked("The machine", "a file is in the place of a folder of the cache", "cache",
                 "can't be kept for the next build: [Errno 17] File exists"),
        Machine(given={"cache/drawings": ""}, is_known=True),
        "WARNING",
    ),
    (
        Provoked("The machine", "the disk of the cache is full", "cache",
                 "can't be kept for the next build: [Errno 28] No space left on device"),
        Machine(environment={"PLACE": "{}/cache/drawings", "SIZE": "4k"}, prefix=SMALL_DISK,
                given={"cache/drawings": None}, is_known=True),
        "WARNING",
    ),
    (
        Provoked("The machine", "the folder of images can't be written to", "graphviz",
                 "The image can't be written: [Errno 13] Permission denied"),
        Machine(prefix=AS_OTHERS, given={"html/_images": None}, read_only=("html/_images",),
                is_known=True),
        "index.rst:5",
    ),
    (
        Provoked("The machine", "a file is in the place of the folder of images", "graphviz",
                 "The image can't be written: [Errno 17] File exists"),
        Machine(given={"html/_images": ""}, is_known=True),
        "index.rst:5",
    ),
    (
        Provoked("The machine", "the disk of the images is full", "graphviz",
                 "The image can't be written: [Errno 28] No space left on device"),
        Machine(environment={"PLACE": "{}/html/_images", "SIZE": "8k"}, prefix=SMALL_DISK,
                given={"html/_images": None}, is_known=True),
        "index.rst:5",
    ),
    (
        Provoked("The machine", "the disk of temporary files is full", "worker",
                 "can't be written into the folder of temporary files: No space left on device"),
        Machine(environment={"PLACE": "{}/temporary", "TMPDIR": "{}/temporary", "SIZE": "4k"},
                prefix=SMALL_DISK, given={"temporary": None}, files={"index": ONE_MODEL}),
        "index.rst:5",
    ),
    (
        Provoked("``conf.py``", "names a folder of temporary files that isn't there", "worker",
                 "The worker process can't be started: [Errno 2] No such file or directory"),
        Machine("import tempfile\ntempfile.tempdir = '/nosuch/at/all'\n",
                files={"index": ONE_MODEL}),
        "index.rst:5",
    ),
    (
        Provoked("The machine", "what is noted for the next build can't be written", "cache",
                 "Which pages failed can't be kept for the next build: [Errno 21] Is a directory"),
        Machine(given={"doctrees/kerasgraph-html.json": None}, is_known=True),
        "WARNING",
    ),
    (
        Provoked("``conf.py``", "mocks what a model needs and isn't installed", "import",
                 "autodoc_mock_imports has mocks of 'nosuch_library' for autodoc alone"),
        MOCKED,
        "library.rst:9",
    ),
    (
        Provoked("``conf.py``", "mocks Keras, which isn't installed", "keras",
                 "the real one, or snapshots (kerasgraph_snapshot_dir in conf.py)"),
        Machine(MOCKS + "autodoc_mock_imports = ['keras']\n",
                {"PYTHONPATH": f"{{}}/source{os.pathsep}{ROOT}"},
                given={"source/sitecustomize.py": WITHOUT_KERAS}, files={"index": ONE_MODEL}),
        "index.rst:5",
    ),
]  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="the machines are Linux's")
@pytest.mark.parametrize(("fault", "machine", "place"), FAULTS, ids=_name)
def test_what_is_told(fault, machine, place, built, alone):
    """What can't be kept hinders no drawing."""
    if machine.prefix == SMALL_DISK and not can_mount():
        pytest.skip("nothing may be mounted here")
    build = built(machine)
    assert_told(fault, build, place)
    if fault.subtype == "cache":
        assert_as_alone(build, built(KNOWN))
    else:
        page = build.read(place.partition(".")[0] + ".html")
        assert page.count("could not be drawn") == 1
