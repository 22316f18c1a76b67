"""The object that is being documented where a directive stands, which it means without a name.

Sphinx tells it while it reads the body of a description, be it written by hand (``.. py:class::``)
or made by autodoc of a docstring. Nothing is imported.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.ext import python_objects
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from sphinx.util.docutils import SphinxDirective

    from sphinxcontrib_kerasgraph.target import ModelRequest

#: With what an argument begins that says only how the documented object is called.
ARGUMENTS = ("(", "[")


@dataclass(frozen=True)
class Documented:
    """A Python object whose description is being read."""

    #: Its full name, as it is documented.
    name: str
    #: Whether autodoc has imported it, so that it can be looked at.
    is_imported: bool

    @property
    def first_name(self) -> str:
        """The name of its definition: a model documented under two names is one model.

        As it is documented if it wasn't imported: whether another page has done so mustn't matter.
        """
        return python_objects.first_name(self.name) if self.is_imported else self.name

    @property
    def object(self) -> Any:
        """The object itself; ``None`` if it isn't known."""
        return python_objects.found(self.name) if self.is_imported else None

    def check_call(self, request: ModelRequest, asker: str) -> None:
        """Raise `Fault` ``target`` if it can't be called without arguments, as is wanted."""
        function = self.object
        missing = python_objects.missing_arguments(function)
        is_method = inspect.isfunction(function) and missing[:1] == ["self"]
        # Those of a function may be the tensors whose shape is given; the worker knows.
        is_of_tensors = not isinstance(function, type) and request.input_shape is not None
        if missing and not is_of_tensors and not is_method:
            filled = ", ".join(f"{name}=…" for name in missing)
            raise Fault(
                "target",
                f"{self.name!r} needs {' and '.join(map(repr, missing))}.",
                f"Write '.. {asker}:: ({filled})' in its docstring.",
            )


def documented(directive: SphinxDirective) -> Documented | None:
    """What is being documented where the directive stands; ``None`` for nothing, or a module.

    In the docstring of a method that makes or runs an object, its class is meant.
    """
    # Of Python's domain ``object`` has the names of classes in front, but not that of the module;
    # it is empty behind a description in a description.
    within = directive.env.temp_data.get("object") or directive.env.ref_context.get("py:class")
    if isinstance(within, tuple):  # with the name that was written: Sphinx before 8.2
        within = within[0]
    if not within:
        return None
    module = directive.env.ref_context.get("py:module")
    name = f"{module}.{within}" if module else str(within)
    owner, _, last = name.rpartition(".")
    if last in python_objects.OF_CLASS and owner != module:
        name = owner
    source = directive.get_source_info()[0] or ""
    return Documented(name, is_imported=":docstring of " in source)


def nothing_named(asker: str) -> Fault:
    """That there is neither a name nor a documented object."""
    return Fault(
        "target",
        "No model is named, and no function or class is documented here.",
        f"Write its path after '.. {asker}::', or put the directive into the docstring, or the "
        "description, of what makes the model.",
    )
