"""What to do where the author's code can't run as it is, for want of what was passed over, say."""

from __future__ import annotations

import errno
import inspect
import os
import sys
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from sphinxcontrib_kerasgraph.extract.construct.passed_over import PassedOver

_GUARD = "below \"if __name__ == '__main__':\""
_NOT_PERMITTED = {errno.EACCES, errno.EPERM, errno.EROFS}
_HUBS = {"keras_hub", "keras_nlp", "keras_cv"}


@dataclass(frozen=True)
class _Case:
    """An error that the author's code raised."""

    fault: Fault
    error: BaseException
    passed_over: PassedOver | None

    @property
    def is_import(self) -> bool:
        """Whether a module was being imported."""
        return self.fault.subtype == "import"

    @property
    def elsewhere(self) -> str:
        """Where code belongs that a picture doesn't need."""
        return _GUARD if self.is_import else "into a function of its own"

    def frames(self) -> Iterator[FrameType]:
        """The frames of the error's traceback, the outermost first."""
        for frame, _ in traceback.walk_tb(self.error.__traceback__):
            yield frame


def with_remedy(fault: Fault, passed_over: PassedOver | None, *, is_made: bool = False) -> Fault:
    """The fault; where its cause is of a known kind, with what happened, and the remedy.

    ``is_made`` tells that the model was made, and failed later.
    """
    error = fault.__cause__
    if error is None:
        return fault
    case = _Case(fault, error, passed_over)
    looks = [_ended, _too_deep, _preset, _saved_model, _download, _refused, _training, _absent]
    if is_made:
        looks.remove(_training)
    # One without a traceback is of no code of the author's.
    for look in looks if fault.details else [_notebook]:
        found = look(case)
        if found is not None:
            said, advice = found
            return Fault(fault.subtype, f"{fault.message} {said}".rstrip(), advice, fault.details)
    return fault


#: What happened, and what to do.
_Remedy = tuple[str, str]


def _notebook(case: _Case) -> _Remedy | None:
    """A module that is there as a notebook only."""
    if not isinstance(case.error, ModuleNotFoundError) or not case.error.name:
        return None
    parent, _, name = case.error.name.rpartition(".")
    folders: Any = getattr(sys.modules.get(parent), "__path__", ()) if parent else sys.path
    file = f"{name}.ipynb"
    if not any(os.path.isfile(os.path.join(folder, file)) for folder in folders):
        return None
    said = f"{file} is a notebook, and notebooks aren't read."
    return said, (
        f"Put the function that builds the model into a module, such as {name}.py, and import it "
        "in the notebook."
    )


def _ended(case: _Case) -> _Remedy | None:
    """A script that exits, or parses arguments."""
    if not isinstance(case.error, SystemExit):
        return None
    if not case.is_import:
        return "", "Have it return the model, or raise an error; {more} shows the traceback."
    parses = any(frame.f_globals.get("__name__") == "argparse" for frame in case.frames())
    what = "It parses the arguments of a command line" if parses else "It ends the program"
    return f"{what}, as a script does.", (
        f"Put that {_GUARD}, so that an import only defines the model; {{more}} shows the "
        "traceback."
    )


def _too_deep(case: _Case) -> _Remedy | None:
    """Calls in calls, more than Python makes."""
    if not isinstance(case.error, RecursionError):
        return None
    return "", (
        "If nothing calls itself without end, and the model is so deep, raise Python's limit in "
        "the function: 'sys.setrecursionlimit(50_000)'; {more} shows the traceback."
    )


def _preset(case: _Case) -> _Remedy | None:
    """A preset of keras_hub, whose configuration can't be had."""
    for frame in case.frames():
        module = str(frame.f_globals.get("__name__", ""))
        if frame.f_code.co_name == "from_preset" and module.partition(".")[0] in _HUBS:
            preset = frame.f_locals.get("preset")
            named = f" {preset!r}" if isinstance(preset, str) else ""
            return f"The preset{named} needs its configuration, which is downloaded.", (
                "Build the model by its constructor, with the numbers of layers and sizes that "
                "the preset has; or build where the preset is in its cache{or_snapshot}."
            )
    return None


def _saved_model(case: _Case) -> _Remedy | None:
    """The file of a model that isn't there."""
    code = inspect.unwrap(keras.saving.load_model).__code__
    for frame in case.frames():
        path = frame.f_locals.get("filepath")
        if frame.f_code is not code or not isinstance(path, str | os.PathLike):
            continue
        if os.path.exists(path):
            return None
        downloaded = _missing(case, os.fspath(path))
        return (
            f"There is no file {os.fspath(path)!r}, which holds the model itself."
            + " Downloads are passed over." * downloaded,
            "Put it there; or write a function that builds the model from its layers, and name "
            "that: weights aren't needed" + ("{or_load}." if downloaded else "."),
        )
    return None


def _missing(case: _Case, text: str) -> bool:
    """Whether a text tells of a file that wasn't downloaded."""
    files = case.passed_over.missing if case.passed_over is not None else ()
    return any(file.path in text for file in files)


def _download(case: _Case) -> _Remedy | None:
    """A file that `get_file` hasn't downloaded, and that the code reads."""
    if case.passed_over is None or not case.passed_over.missing:
        return None
    text = f"{getattr(case.error, 'filename', '')} {case.error}"
    named = [file for file in case.passed_over.missing if file.path in text]
    if not named and not isinstance(case.error, OSError):
        return None
    file = (named or case.passed_over.missing)[-1]
    return f"Downloads are passed over while a model is made, and {file.name} isn't there.", (
        f"Where the model doesn't need it, put what reads it {case.elsewhere}; else keep the file "
        "beside your code, and read it there{or_load}."
    )


def _training(case: _Case) -> _Remedy | None:
    """Code that goes on with the results of training."""
    if case.passed_over is None or not case.passed_over.has_trained:
        return None
    return (
        "Training is passed over while a model is made, and its history is empty.",
        f"Put training, and what follows, {case.elsewhere}; {{more}} shows the traceback.",
    )


def _refused(case: _Case) -> _Remedy | None:
    """A file that may not be written."""
    if not isinstance(case.error, OSError) or case.error.errno not in _NOT_PERMITTED:
        return None
    return "Its code writes, or reads, what it may not where documentation is built.", (
        f"A picture needs no files: put what writes them {case.elsewhere}; {{more}} shows the "
        "traceback."
    )


def _absent(case: _Case) -> _Remedy | None:
    """A file that isn't there, such as one of weights that the code reads by itself."""
    if not isinstance(case.error, FileNotFoundError):
        return None
    return "", (
        f"Put the file there; or, since a picture needs no weights and no data, put what reads it "
        f"{case.elsewhere}; {{more}} shows the traceback."
    )
