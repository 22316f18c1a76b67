"""The worker process: builds models that are asked for on its standard input, and answers.

See `worker.protocol`. The author's code may print what it likes: before it runs, the standard
streams are pointed away from the pipes.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
import traceback
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract.installed_keras import home_as_it_is, keras_fault
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import Target
from sphinxcontrib_kerasgraph.worker.dependencies import Dependencies
from sphinxcontrib_kerasgraph.worker.protocol import OUTPUT_KEPT, Answer, Question

if TYPE_CHECKING:
    from io import RawIOBase

    from sphinxcontrib_kerasgraph.extract.construct.names import ImportedNames
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.worker.protocol import MadeFrom

_LOOK_SECONDS = 1


_dependencies = Dependencies()


def main(*, load_weights: bool) -> None:
    """Serve until standard input ends. Standard error is a file, in which the client looks.

    Keras is imported before the first model is asked for. What loads weights is passed over unless
    ``load_weights``.
    """
    process = os.getpid()
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    questions = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    with os.fdopen(os.dup(2), "r+b", buffering=0) as printed:
        _redirect(printed)
        with contextlib.nullcontext() if load_weights else home_as_it_is():
            keras_fault()
        for line in questions:
            _redirect(printed)
            question = Question.from_line(line)
            answer = _answer(question, load_weights=load_weights)
            if os.getpid() != process:  # a fork that the author's code has made: it isn't asked
                os._exit(0)
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(Exception):  # the author's code may have closed it
                    stream.flush()
            answers.write(replace(answer, output=_tail(printed)).to_line())
            answers.flush()


def _end_with_parent(parent: int) -> None:
    """End, with all that was started, when the client has died without a word."""
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    if hasattr(os, "killpg"):
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


def _redirect(printed: RawIOBase) -> None:
    """Let all that is printed go to ``printed``, emptied; keep the pipes for the protocol alone.

    Anew for each model, since the code of the last one may have closed or replaced the streams.
    """
    printed.seek(0)
    printed.truncate()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(printed.fileno(), 1)
    os.dup2(printed.fileno(), 2)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - stays open
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115


def _tail(printed: RawIOBase) -> str:
    size = printed.seek(0, os.SEEK_END)
    printed.seek(max(0, size - OUTPUT_KEPT))
    return (printed.read() or b"").decode(errors="replace")


def _answer(question: Question, *, load_weights: bool) -> Answer:
    begin = time.monotonic()
    json = ""
    made_from: MadeFrom = {}
    result: ModelGraph | Fault
    try:
        result = keras_fault() or _graph(question.request, load_weights=load_weights)
        json = result.to_json() if not isinstance(result, Fault) else ""
    except Fault as fault:
        result = fault
    except BaseException as error:  # nothing that a model does may end the worker
        result = _internal("Reading the model", error)
    seconds = time.monotonic() - begin
    try:
        made_from = _dependencies.made_from()
    except BaseException as error:  # it looks at what the author's code has left
        json, result = "", _internal("Telling what the model is made from", error)
    return Answer(result, json, made_from, seconds, number=question.number)


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
    from sphinxcontrib_kerasgraph.extract.construct.passed_over import PassedOver
    from sphinxcontrib_kerasgraph.extract.extraction import Surroundings, target_to_graph

    names = _listen()
    _dependencies.begin(parsed)
    passed_over = None if load_weights else PassedOver(_dependencies)
    surroundings = Surroundings(_dependencies.settings, names, passed_over)
    return target_to_graph(parsed, calling, surroundings)


@cache
def _listen() -> ImportedNames:
    from sphinxcontrib_kerasgraph.extract.construct.names import ImportedNames
    from sphinxcontrib_kerasgraph.extract.construct.state import KerasSettings
    from sphinxcontrib_kerasgraph.worker.listening import listen

    names = ImportedNames()
    listen(_dependencies, lambda: vars(KerasSettings.current()), names)
    return names
