"""The process that has imported what several models are found in, and forks a builder for each.

Without it each of fifty models of a package would import the package, which may take longer than
Keras does. It does just what a builder does first, so each model is as if it were alone; and where
a fork wouldn't be, since threads or processes run after the import, it ends, and each model's
builder imports for itself. See `worker.importing`, the server's side.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, NoReturn

from sphinxcontrib_kerasgraph.worker import builder
from sphinxcontrib_kerasgraph.worker.descendants import children, end_with_parent, has_one_thread
from sphinxcontrib_kerasgraph.worker.protocol import Question

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.worker.protocol import Setup

#: How it ends where it can't be shared; a builder that ends so by itself is told as ever.
NOT_SHARED = 75
#: What it says when it may be asked.
IMPORTED = b"imported\n"

#: The author's code may put others in their places.
_fork, _waitpid, _read, _write, _exit = os.fork, os.waitpid, os.read, os.write, os._exit
_getpid, _getppid, _close, _sleep = os.getpid, os.getppid, os.close, time.sleep

_CHUNK = 2**16
_PAUSE = 0.001


def serve(first: ModelRequest, place: str, setup: Setup, questions: int, says: int) -> NoReturn:
    """Import what has the target of the first, and that of others; then fork what is asked for.

    Its output is in ``place``; ``questions`` and ``says`` are pipes.
    """
    server, process = _getppid(), _getpid()
    builder.begin(place, setup)
    if not builder.imports_owner(first, load_weights=setup.load_weights):
        _exit(NOT_SHARED)
    # A fork that the author's code has made has nothing to say.
    if _getpid() != process or not has_one_thread() or children():
        _exit(NOT_SHARED)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    _write(says, IMPORTED)
    rest = b""
    while read := _read(questions, _CHUNK):
        *lines, rest = (rest + read).split(b"\n")
        for line in lines:
            question = Question.from_line(line + b"\n")
            between = _fork()
            if not between:
                _fork_builder(question, place, setup, server, (questions, says))
            _waitpid(between, 0)
    _exit(0)


def _fork_builder(
    question: Question, place: str, setup: Setup, server: int, pipes: tuple[int, int]
) -> NoReturn:
    """Fork a builder that is the server's child: by ending between the two."""
    try:
        between = _getpid()
        if _fork():
            _exit(0)
        while _getppid() == between:
            _sleep(_PAUSE)
        end_with_parent(server)  # at once, if that has ended
        _write(pipes[1], b"%d %d\n" % (question.number, _getpid()))
        for pipe in pipes:
            _close(pipe)
        os.setsid()
        assert question.request is not None  # noqa: S101 - others aren't passed on
        builder.build(question.request, setup.place(question.number), setup, printed=place)
    except BaseException as error:
        builder.tell(error)
    finally:  # it is no importer, whatever happens
        _exit(1)
