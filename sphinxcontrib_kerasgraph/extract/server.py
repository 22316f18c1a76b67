"""The worker process: builds models that are asked for on its standard input, one a line.

Line by line, JSON: ``{"target": "demo.mlp", "input_shape": null, "input_dtype": null}`` is
answered by ``{"graph": "…"}`` or ``{"fault": {…}}``, both with ``files`` (those of the author's own
that the model is made from), ``packages`` (the libraries that these import), ``seconds`` (how long
it took) and ``output`` (what was printed meanwhile). The user's code may
print what it likes: before it runs, the standard streams are pointed away from the pipes.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
import time
import traceback
from functools import cache
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.extract.dependencies import Dependencies
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import Target, parse_input_dtype, parse_input_shape

if TYPE_CHECKING:
    from io import RawIOBase

#: So much of what the user's code printed is passed on, in bytes; the end says most.
OUTPUT_KEPT = 20_000


#: As in pyproject.toml.
_OLDEST_KERAS = (3, 5)

#: Building a model makes many objects that stay, and few in circles.
_COLLECT_AFTER = (50_000, 50, 50)

_dependencies = Dependencies()


def main() -> None:
    """Serve until standard input ends. Standard error is a file, in which the client looks.

    Keras is imported before the first model is asked for.
    """
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with os.fdopen(os.dup(2), "r+b", buffering=0) as printed:
        _redirect(printed)
        _keras_fault()
        for line in requests:
            _redirect(printed)
            reply = _reply(json.loads(line))
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(Exception):  # the author's code may have closed it
                    stream.flush()
            reply["output"] = _tail(printed)
            replies.write(json.dumps(reply) + "\n")
            replies.flush()


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


def _reply(request: dict[str, Any]) -> dict[str, Any]:
    reply: dict[str, Any] = {}
    begin = time.monotonic()
    try:
        if keras_fault := _keras_fault():
            reply["fault"] = keras_fault.to_dict()
        else:
            reply["graph"] = _graph(**request)
    except Fault as fault:
        reply["fault"] = fault.to_dict()
    except BaseException as error:  # nothing that a model does may end the worker
        reply["fault"] = Fault(
            "internal",
            f"Reading the model raised {type(error).__name__}: {error}.",
            "If the model runs, please report this; 'sphinx-build -vv' shows the traceback.",
            traceback.format_exc(),
        ).to_dict()
    reply["seconds"] = time.monotonic() - begin
    return reply | {"files": _dependencies.files(), "packages": _dependencies.packages()}


def _graph(target: str, input_shape: str | None, input_dtype: str | None) -> str:
    parsed = Target.parse(target)
    shape = None if input_shape is None else parse_input_shape(input_shape)
    dtype = None if input_dtype is None else parse_input_dtype(input_dtype)
    _dependencies.begin(parsed)
    from sphinxcontrib_kerasgraph.extract.resolve import target_to_graph

    return target_to_graph(parsed, shape, dtype).to_json()


@cache
def _keras_fault() -> Fault | None:
    """Import Keras, once; the `Fault` ``keras`` if it, or its backend, isn't there."""
    try:
        keras = _keras()
    except ModuleNotFoundError as error:
        if error.name == "keras":
            return Fault(
                "keras",
                f"Keras is not installed for {sys.executable}.",
                "Install it with a backend: pip install 'sphinxcontrib-kerasgraph[tensorflow]'.",
            )
        return Fault(
            "keras",
            f"Importing Keras failed: there is no module {error.name!r}.",
            "Install the backend that Keras is set to use, or choose another one in conf.py: "
            'kerasgraph_environment = {"KERAS_BACKEND": "jax"}.',
            traceback.format_exc(),
        )
    except BaseException as error:
        return Fault(
            "keras",
            f"Importing Keras raised {type(error).__name__}: {error}.",
            "Try 'python -c \"import keras\"' in the same environment.",
            traceback.format_exc(),
        )
    if tuple(map(int, keras.__version__.split(".")[:2])) < _OLDEST_KERAS:
        return Fault(
            "keras",
            f"Keras {keras.__version__} is too old.",
            "Install a newer one: pip install --upgrade keras.",
        )
    return None


def _keras() -> Any:
    """Keras, imported without a look for garbage among the million objects that its import makes.

    That would take a third of the time; and half of that of building models, later, since Keras
    collects garbage whenever names start anew.
    """
    gc.disable()
    try:
        import keras
    finally:
        gc.enable()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    return keras
