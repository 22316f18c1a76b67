"""What can go wrong with a diagram: one exception, its subtypes, and how its readers are told."""

from __future__ import annotations

import difflib
import keyword
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Every warning subtype and what it means. The reference page is made from this table,
#: and ``suppress_warnings = ["kerasgraph.<subtype>"]`` takes any of its keys.
SUBTYPES: dict[str, str] = {
    "target": "The directive's argument, or ``:input-shape:``, can't be parsed: it is no dotted "
    "path, or a call whose arguments aren't literals; or it is a file that pages may not name.",
    "option": "A directive option or a configuration value is unknown or has a wrong value, or a "
    "listener to an event raises.",
    "keras": "Keras, or the backend it is set to use, can't be imported by the worker process.",
    "import": "The module or the name can't be found, or importing the module raises.",
    "build": "The function raises, returns no Keras model, or the model has no input shape.",
    "value": "A value that a text or a table asks for isn't there, or can't be told.",
    "opaque": "The inside of a block that the page opens isn't known, because its code can't be "
    "traced; it is drawn as one box.",
    "drift": "A model isn't what its snapshot in ``kerasgraph_snapshot_dir`` says, or has none.",
    "cache": "What was made can't be kept in ``kerasgraph_cache_dir``, for the next build.",
    "worker": "The worker process died or didn't answer in time.",
    "internal": "A fault of the extension itself; please report it.",
    "oversize": "The drawing had to be shrunk so far, to fit the page of LaTeX, that it can't be "
    "read.",
    "style": "A colour of ``kerasgraph_style`` in which text can't be read, so that a darker one "
    "is drawn; or a field of a label that the layer doesn't have.",
    "graphviz": "Graphviz's ``dot`` is missing, can't write the format, or failed.",
}


#: Terminal colours, which Keras puts into its messages.
_ANSI = re.compile("\x1b\\[[0-9;]*[A-Za-z]")
_LONGEST = 600


def _one_line(message: str) -> str:
    message = printable(" ".join(_ANSI.sub("", message[: 10 * _LONGEST]).split()))
    return message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """Advice for who wrote a name that isn't there: the one that is written almost so, if any."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else otherwise


#: A value, in which there may be dicts in dicts.
_VALUE = r"[^{}]*"
for _ in range(4):
    _VALUE = rf"(?:[^{{}}]|\{{{_VALUE}\}})*"
#: What advice leaves to the `Face`: ``{more}``, ``{option dpi}``, ``{option view=full}``.
_NAMED = re.compile(rf"\{{(?:(option|setting|variable) ([\w-]+)(?:=({_VALUE}))?|(\w+))\}}")


@dataclass(frozen=True)
class Face:
    """Where a fault is read: how advice writes there what it names in braces, by these fields.

    Fields that begin with "or" are one more way out, and empty where there is none.
    """

    #: An option, by its name on a page and its value, which may be empty.
    option: Callable[[str, str], str]
    #: One that may be set elsewhere than on the page.
    setting: Callable[[str, str], str]
    #: Where a variable of the environment is set, and how.
    variable: Callable[[str, str], str]
    #: What shows the details of the fault.
    more: str
    or_more_time: str
    #: The ``dot`` that is run.
    which_dot: str
    or_another_dot: str
    #: How downloads and weights are had.
    or_load: str
    #: How a model is drawn where it can't be built.
    or_snapshot: str
    #: Where a module has to be to be found.
    found_where: str
    #: How the input shape is given in Python, to those who may come from there.
    or_in_python: str

    def written(self, advice: str) -> str:
        """The advice for those who read it here; other braces are left alone."""
        return _NAMED.sub(self._word, advice)

    def _word(self, match: re.Match[str]) -> str:
        of_option, name, value, word = match.groups()
        if of_option:
            return str(vars(self)[of_option](name, value or ""))
        found = vars(self).get(word)
        return found if isinstance(found, str) else match[0]


def _in_command(name: str, value: str) -> str:
    return f"--{name} {shlex.quote(value)}" if value else f"--{name}"


def _in_python(name: str, value: str) -> str:
    name = name.replace("-", "_") + "_" * keyword.iskeyword(name)
    return f"{name}={value!r}" if value.isidentifier() else f"{name}={value}"


def _in_environment(name: str, value: str) -> str:
    return f"the environment: {name}={value}"


#: Pages, and conf.py.
SPHINX = Face(
    option=lambda name, value: f"':{name}: {value}'" if value else f"':{name}:'",
    setting=lambda name, value: f"'{name}: {value}'" if value else f"'{name}'",
    variable=lambda name, value: f'conf.py: kerasgraph_environment = {{"{name}": "{value}"}}',
    more="'sphinx-build -vv'",
    or_more_time=", or raise kerasgraph_timeout in conf.py",
    which_dot="graphviz_dot in conf.py",
    or_another_dot=", or set graphviz_dot in conf.py",
    or_load=", or set kerasgraph_load_weights = True in conf.py, which loads weights and files",
    or_snapshot=", or draw it from a snapshot: kerasgraph_snapshot_dir in conf.py",
    found_where="where Sphinx is installed, or add its folder to sys.path in conf.py",
    or_in_python=" on a page, input_shape=(224, 224, 3) in Python",
)
#: ``kerasgraph draw``.
COMMAND = Face(
    option=_in_command,
    setting=_in_command,
    variable=_in_environment,
    more="'kerasgraph draw -v'",
    or_more_time=", or raise --timeout",
    which_dot="the 'dot' on the PATH",
    or_another_dot="",
    or_load=", or give --load-weights, which loads weights and files",
    or_snapshot="",
    found_where="where this command is installed, or run the command in its folder",
    or_in_python="",
)
#: `model_to_dot` and its like, which raise a `ValueError` whose cause is the fault.
PYTHON = Face(
    option=_in_python,
    setting=_in_python,
    variable=_in_environment,
    more="'error.__cause__.details'",
    or_more_time="",
    which_dot="the 'dot' on the PATH",
    or_another_dot="",
    or_load="",
    or_snapshot="",
    found_where="where Keras is installed, or add its folder to sys.path",
    or_in_python="",
)


class Fault(Exception):
    """Why a diagram can't be drawn, in words for the author of the page.

    ``subtype`` is a key of `SUBTYPES`; ``message`` says what was tried and what happened;
    ``advice`` what to do next, in which a `Face` writes what is in braces; ``details`` is the
    user's traceback or a program's output, shown at debug verbosity only.
    """

    def __init__(self, subtype: str, message: str, advice: str = "", details: str = "") -> None:
        if subtype not in SUBTYPES:
            raise ValueError(f"unknown fault subtype {subtype!r}")
        message = _one_line(message)
        super().__init__(message)
        self.subtype = subtype
        self.message = message
        self.advice = printable(advice)
        self.details = details

    def __reduce__(self) -> tuple[type[Fault], tuple[str, ...]]:
        return type(self), (self.subtype, self.message, self.advice, self.details)

    def __str__(self) -> str:
        return self.told(SPHINX)

    def told(self, face: Face) -> str:
        """Message and advice, as they are read there."""
        return f"{self.message} {face.written(self.advice)}".rstrip()

    def to_dict(self) -> dict[str, str]:
        """The fault as plain values, to cross from the worker process."""
        return {
            "subtype": self.subtype,
            "message": self.message,
            "advice": self.advice,
            "details": self.details,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Fault:
        """The fault that `to_dict` wrote."""
        return cls(data["subtype"], data["message"], data["advice"], data["details"])
