"""TensorFlow's autograph, told to have its statements recorded.

Autograph makes functions of Python's ``if``, ``for`` and ``while``, and gives them to ``tf.cond``
and ``tf.while_loop`` where a tensor decides. It is asked for that in public:
``tf.autograph.to_graph``, of a function that calls another one. What it does then is in private
modules, of which this is the only one to touch any: ``tensorflow.python.autograph.operators``,
``autograph_info__`` and ``ag_error_metadata``, whose code is the same in TensorFlow 2.16 and 2.21;
``tests/extract/trace/test_autograph.py`` fails loudly when they change.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import tempfile
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

import keras

from sphinxcontrib_kerasgraph.extract.trace.patches import classes_of, replaced, without_warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sphinxcontrib_kerasgraph.extract.trace.patches import Replacement

#: Where autograph has what statements do.
_OPERATORS = "tensorflow.python.autograph.operators."
#: What has this attribute, autograph takes for code that it has made itself.
_MADE = "autograph_info__"


@dataclass(frozen=True)
class IfStatement:
    """An ``if`` that a tensor decides."""

    cond: Any
    #: The branches, which assign variables.
    if_true: Callable[[], None]
    if_false: Callable[[], None]
    #: The values of the variables that the statement may change.
    get_state: Callable[[], tuple[Any, ...]]
    set_state: Callable[[tuple[Any, ...]], None]
    symbols: tuple[str, ...]
    #: How many of them, the first ones, are used later.
    used: int


@dataclass(frozen=True)
class LoopStatement:
    """A ``for`` or ``while`` that a tensor decides."""

    test: Callable[[], Any]
    #: One step, which assigns variables.
    body: Callable[[], None]
    #: The values of the variables that go from step to step.
    get_state: Callable[[], tuple[Any, ...]]
    set_state: Callable[[tuple[Any, ...]], None]
    symbols: tuple[str, ...]
    options: Any


class Statements(Protocol):
    """What is done where a tensor decides; ``original`` does what autograph does."""

    def if_statement(self, original: Callable[[], Any], statement: IfStatement) -> None:
        """Run ``if``."""

    def if_expression(
        self, original: Callable[[], Any], cond: Any, if_true: Any, if_false: Any
    ) -> Any:
        """Return ``if_true() if cond else if_false()``."""

    def loop(self, original: Callable[[], Any], statement: LoopStatement) -> None:
        """Run a loop."""

    def while_loop(
        self, original: Callable[[], Any], test: Any, body: Any, variables: Sequence[Any]
    ) -> Any:
        """Return what the variables of a loop come to: what TensorFlow is asked for to run it."""

    def unset_variables(self, original: Callable[[], Any], flags: Sequence[bool]) -> Any:
        """Return values for the variables of a loop that have none before, as the flags tell."""

    def both(self, original: Callable[[], Any], one: Any, other: Callable[[], Any]) -> Any:
        """Return ``one and other()``."""

    def either(self, original: Callable[[], Any], one: Any, other: Callable[[], Any]) -> Any:
        """Return ``one or other()``."""

    def negated(self, original: Callable[[], Any], one: Any) -> Any:
        """Return ``not one``."""


class Autograph:
    """Runs functions of the author's as autograph converts them."""

    def __init__(self, tf: Any) -> None:
        self._tf = tf
        with _files_removed():
            self._call = tf.autograph.to_graph(_called)

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What the function returns, converted, with all that it calls; Keras's code isn't.

        Code whose source autograph can't read is run as it is.
        """
        return self._call(function, args, kwargs)

    @contextlib.contextmanager
    def installed(
        self, statements: Statements, is_converting: Callable[[], bool]
    ) -> Iterator[None]:
        """Have the statements run by these, and functions made by ``tf.function`` converted."""
        made_by_function: Any = type(self._tf.function(_called))
        items: list[Replacement] = [
            *_statements(statements),
            (made_by_function, "__call__", functools.partial(self._function, is_converting)),
        ]
        _leave_wrappers_alone()
        # TensorFlow warns of code that isn't converted, of which the reason tells.
        logger = self._tf.get_logger()
        with _files_removed(), replaced(items), without_warnings(logger):
            yield

    def _function(self, is_converting: Callable[[], bool], original: Any) -> Any:
        @functools.wraps(original)
        def wrapper(function: Any, *args: Any, **kwargs: Any) -> Any:
            # What was made by tf.function(autograph=False) isn't converted in the program.
            if is_converting() and getattr(function, "_autograph", True):
                return self.call(function.python_function, *args, **kwargs)
            return original(function, *args, **kwargs)

        return wrapper


def is_of_statements(module: str) -> bool:
    """Whether a module does what the author's statements say, such as counting steps."""
    return module.startswith(_OPERATORS)


def author_line(error: BaseException) -> tuple[str, int] | None:
    """File and line of the author's code that raised the error when it ran converted."""
    stack = getattr(getattr(error, "ag_error_metadata", None), "translated_stack", ())
    converted = [frame for frame in stack if frame.is_converted]
    return (converted[-1].filename, converted[-1].lineno) if converted else None


def _called(function: Any, args: Any, kwargs: Any) -> Any:
    """Converted, it has autograph convert what it calls."""
    return function(*args, **kwargs)


def _statements(statements: Statements) -> list[Replacement]:
    from tensorflow.python.autograph.operators import (  # noqa: PLC0415 - only where it is there
        conditional_expressions,
        control_flow,
        logical,
    )

    def hooked(hook: Callable[..., Any]) -> Callable[[Any], Any]:
        return lambda original: lambda *args: hook(functools.partial(original, *args), *args)

    def if_statement(original: Any, *args: Any) -> None:
        statements.if_statement(original, IfStatement(*args))

    def loop(original: Any, *args: Any) -> None:
        statements.loop(original, LoopStatement(*args))

    def if_expression(original: Any, cond: Any, if_true: Any, if_false: Any, _text: Any) -> Any:
        return statements.if_expression(original, cond, if_true, if_false)

    def unset_variables(original: Any, *args: Any) -> Any:
        return statements.unset_variables(original, args[4])

    def loops(module: Any) -> Any:
        def while_loop(*args: Any, **options: Any) -> Any:
            return statements.while_loop(
                functools.partial(module.while_loop, *args, **options), *args
            )

        return SimpleNamespace(while_loop=while_loop)

    def conditions(module: Any) -> Any:
        def cond(*args: Any, **options: Any) -> Any:
            original = functools.partial(module.cond, *args, **options)
            # `for` with `break`: whether there is another one, and the loop isn't left.
            return original() if options else statements.both(original, *args[:2])

        return SimpleNamespace(cond=cond)

    return [
        (control_flow, "_tf_if_stmt", hooked(if_statement)),
        (control_flow, "_tf_while_stmt", hooked(loop)),
        (control_flow, "_try_handling_undefineds", hooked(unset_variables)),
        (control_flow, "while_loop", loops),
        (control_flow, "tf_cond", conditions),
        (conditional_expressions, "_tf_if_exp", hooked(if_expression)),
        (logical, "_tf_lazy_and", hooked(statements.both)),
        (logical, "_tf_lazy_or", hooked(statements.either)),
        (logical, "_tf_not", hooked(statements.negated)),
    ]


def _leave_wrappers_alone() -> None:
    """Have autograph convert no ``call`` that is wrapped for the time being: the wrapper does."""
    for cls in classes_of(keras.Layer):
        wrapper = vars(cls).get("call")
        if inspect.isfunction(wrapper) and hasattr(wrapper, "__wrapped__"):
            setattr(wrapper, _MADE, None)


@contextlib.contextmanager
def _files_removed() -> Iterator[None]:
    """Remove the files into which autograph writes what it converts: code that is loaded is there.

    It would do so itself when Python ends, which a worker's may never do of its own accord.
    """
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="kerasgraph-") as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before
