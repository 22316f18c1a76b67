"""What the process of one model does: builds it, leaves the answer in a file, and ends.

Whatever the author's code changes, it changes for this model alone. Before it runs, the standard
streams are pointed to where they harm nobody.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NoReturn

from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract.installed_keras import home_as_it_is, keras_fault
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import Target
from sphinxcontrib_kerasgraph.worker.dependencies import Dependencies
from sphinxcontrib_kerasgraph.worker.descendants import adopt, end_all_but
from sphinxcontrib_kerasgraph.worker.memory import limit_memory
from sphinxcontrib_kerasgraph.worker.protocol import (
    ANSWER,
    OUTPUT_KEPT,
    PART,
    PRINTED,
    READY,
    Answer,
    Question,
    Setup,
)

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.extract.construct.passed_over import PassedOver
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.worker.protocol import MadeFrom

_dependencies = Dependencies()

#: What is passed over is so until the process ends.
_for_good = ExitStack()

# The author's code may put others in their places.
_open, _write, _close, _rename, _unlink, _exit, _getpid, _dup2, _mkdir, _folder_of = (
    os.open,
    os.write,
    os.close,
    os.replace,
    os.unlink,
    os._exit,
    os.getpid,
    os.dup2,
    os.mkdir,
    os.path.dirname,
)
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


def prepare(setup: Setup) -> Fault | None:
    """Import Keras, and listen from now on to what is imported; the fault, if Keras isn't there.

    No thread runs afterwards: what is prepared may be forked.
    """
    sys.path[:] = setup.path
    if setup.load_weights:
        fault = keras_fault()
    else:
        with home_as_it_is():
            fault = keras_fault()
    if fault is None:
        _prepared(load_weights=setup.load_weights)
    gc.freeze()  # what is forked shares memory as long as nobody writes to it
    return fault


def imports_owner(request: ModelRequest, *, load_weights: bool) -> bool:
    """Import what has the target; whether that could be done. See `worker.importer`."""
    from sphinxcontrib_kerasgraph.extract.construct.resolve import find_owner

    target = Target.parse(request.target)
    _prepared(load_weights=load_weights)
    _dependencies.begin(target)
    try:
        find_owner(target)
    except BaseException:  # which is told by those that import it themselves
        return False
    gc.freeze()
    return True


def build(
    request: ModelRequest, place: str, setup: Setup, *, printed: str | None = None
) -> NoReturn:
    """Build the model, leave the `Answer` in its file, and end this process, which was prepared.

    Its files are in ``place``, and end in `ANSWER` and `PRINTED`. What has the target was imported
    if there is a file of what was ``printed`` then.
    """
    process = _getpid()
    adopt()
    for ending in (PART, ANSWER):  # another model's code may have written there
        with suppress(OSError):
            _unlink(place + ending)
    if printed is None:
        begin(place + PRINTED, setup)
    else:
        _point_output(place + PRINTED, _read(printed))
    answer = _answer(request, load_weights=setup.load_weights)
    # A fork that the author's code has made has nothing to say.
    if _getpid() == process:
        for stream in (sys.stdout, sys.stderr):
            with suppress(BaseException):  # the author's code may have closed it
                stream.flush()
        code = _left(answer.to_line(), place)
        end_all_but(())
        _exit(code)
    _exit(0)


def tell(error: BaseException) -> None:
    """Print why there is no answer, as far as that can be done yet."""
    with suppress(BaseException):
        _write(2, f"{type(error).__name__}: {error}\n".encode(errors="replace"))


def _left(line: bytes, place: str) -> int:
    """Write the file, whole or not at all; the number of the error if that can't be, else 0."""
    try:
        file = _opened(place + PART, _FLAGS)
        rest = memoryview(line)
        while rest:
            rest = rest[_write(file, rest) :]
        _close(file)
        _rename(place + PART, place + ANSWER)
    except OSError as error:
        tell(error)
        return error.errno or 1
    return 0


def _opened(path: str, flags: int) -> int:
    """Open a file, in a folder that another model's code may have removed."""
    try:
        return _open(path, flags, 0o600)
    except FileNotFoundError:
        _mkdir(_folder_of(path), 0o700)
        return _open(path, flags, 0o600)


def begin(path: str, setup: Setup) -> None:
    """Let all that is printed go to a file, nothing be read, and so much memory be had.

    Temporary files are made where they are removed with the answers: a process that ends at once
    removes none, and TensorFlow makes one for each function that it converts.
    """
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    _point_output(path)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - stays open
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    tempfile.tempdir = setup.folder
    if setup.memory is not None:
        limit_memory(setup.memory)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(OUTPUT_KEPT)
    except OSError:  # another model's code may have removed it
        return b""


def _point_output(path: str, first: bytes = b"") -> None:
    printed = _opened(path, _FLAGS | os.O_APPEND)
    with suppress(OSError):  # the disk is full, as is told where the answer can't be written
        _write(printed, first)
    for number in (1, 2):
        _dup2(printed, number)
    _close(printed)


def _answer(request: ModelRequest, *, load_weights: bool) -> Answer:
    begun = time.monotonic()
    json = ""
    made_from: MadeFrom = {}
    result: ModelGraph | Fault
    try:
        result = _graph(request, load_weights=load_weights)
        json = result.to_json()
    except Fault as fault:
        result = fault
    except BaseException as error:  # nothing that a model does is without an answer
        result = _internal("Reading the model", error)
    seconds = time.monotonic() - begun
    try:
        made_from = _dependencies.made_from()
    except BaseException as error:  # it looks at what the author's code has left
        json, result = "", _internal("Telling what the model is made from", error)
    return Answer(result, json, made_from, seconds)


def _internal(what: str, error: BaseException) -> Fault:
    return Fault(
        "internal",
        f"{what} raised {type(error).__name__}: {error}.",
        "If the model runs, please report this; {more} shows the traceback.",
        traceback.format_exc(),
    )


def _graph(request: ModelRequest, *, load_weights: bool) -> ModelGraph:
    parsed = Target.parse(request.target)
    calling = Calling.of(request)
    from sphinxcontrib_kerasgraph.extract.extraction import target_to_graph

    passed_over = _prepared(load_weights=load_weights)
    _dependencies.begin(parsed)
    return target_to_graph(parsed, calling, passed_over)


@cache
def _prepared(*, load_weights: bool) -> PassedOver | None:
    """Listen from now on, and pass over what loads weights."""
    from sphinxcontrib_kerasgraph.extract import extraction  # noqa: F401 - may be forked
    from sphinxcontrib_kerasgraph.extract.construct.passed_over import PassedOver
    from sphinxcontrib_kerasgraph.worker.listening import listen

    listen(_dependencies)
    return None if load_weights else _for_good.enter_context(PassedOver().installed())


def main(known_as: int | None = None) -> NoReturn:
    """Build one model in a process that was started for it: see `worker.spawned`.

    Standard input has the `Setup` and, when it is known, the `Question`, a line each; a file named
    by the process that was started, which may be another one, and `READY` says that Keras is
    imported.
    """
    questions = os.fdopen(os.dup(0), "rb")
    setup = Setup.from_line(questions.readline())
    # Its output is a model's only when there is one.
    begin(os.devnull, replace(setup, memory=None))
    fault = prepare(setup)
    _close(_open(setup.place(known_as or _getpid()) + READY, _FLAGS, 0o600))
    line = questions.readline()
    questions.close()
    if line:
        question = Question.from_line(line)
        place = setup.place(question.number)
        if fault is not None:
            _exit(_left(Answer(fault).to_line(), place))
        elif question.request is not None:
            build(question.request, place, setup)
    _exit(0)
