"""One option, as a field of a dataclass: how it is declared, what it is called, how it is read."""

from __future__ import annotations

from dataclasses import MISSING, Field, field
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinxcontrib_kerasgraph.option_kinds import Kind


def declared(  # noqa: PLR0913, PLR0917 - all that is declared of one
    default: Any,
    kind: Kind,
    summary: str,
    rebuild: str = "env",
    conf: str | None = None,
    argument: str = "",
) -> Any:
    """A field; ``rebuild`` is what Sphinx does again when the value in conf.py has changed.

    ``conf`` is its name there without what all begin with, if that is another than the field's;
    empty if it has no value there. ``argument`` is how a value is called on the command line, of an
    option that is an argument there although the others of its group are none.
    """
    metadata = {
        "kind": kind,
        "summary": summary,
        "rebuild": rebuild,
        "conf": conf,
        "argument": argument,
    }
    if isinstance(default, dict):
        return field(default_factory=default.copy, metadata=metadata)
    return field(default=default, metadata=metadata)


def page_name(option: Field[Any]) -> str:
    """The option's name in a directive: ``show-shapes``."""
    return on_page(option.name)


def on_page(name: str) -> str:
    """The name in a directive of the option that is the field of that name."""
    return name.rstrip("_").replace("_", "-")


def conf_name(option: Field[Any]) -> str:
    """The option's name in conf.py: ``kerasgraph_show_shapes``; empty if it has none."""
    name: str | None = option.metadata["conf"]
    if name is None:
        name = option.name.rstrip("_")
    return name and f"kerasgraph_{name}"


def default_of(option: Field[Any]) -> Any:
    """The declared default."""
    if option.default_factory is not MISSING:
        return option.default_factory()
    return option.default


def check_value(option: Field[Any], shown_name: str, value: Any) -> Any:
    """The value in its proper type, if the option takes it. Raises `Fault` ``option``."""
    if value is None and default_of(option) is None:
        return None
    return valid(option, shown_name, value, option.metadata["kind"].check)


def valid(option: Field[Any], shown_name: str, value: Any, read: Callable[[Any], Any]) -> Any:
    """What is read of the value, if the option takes it. Raises `Fault` ``option``."""
    try:
        return read(value)
    except (ValueError, TypeError) as error:
        words = option.metadata["kind"].words
        raise Fault("option", f"{shown_name} is {value!r}.", f"It must be {words}.") from error
