"""Arguments of the command line, made of the declared options, and read as those of a page."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sphinxcontrib_kerasgraph import option_fields, options
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.option_kinds import Flag
from sphinxcontrib_kerasgraph.settings import (
    BuildSettings,
    DiffOptions,
    ModelOptions,
    OldModelOptions,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Sequence
    from dataclasses import Field

    from sphinxcontrib_kerasgraph.options import DrawOptions

G = TypeVar("G")

#: How an option is written.
WRITTEN = "--{}"
#: The groups of which all are arguments; of others those that are declared so.
_WHOLE = frozenset({*options.DRAWING, options.FoldOptions, ModelOptions, OldModelOptions})


@dataclass(frozen=True)
class Building:
    """How the graphs of targets are had."""

    #: Seconds that building a model, or drawing it, may take.
    timeout: int
    load_weights: bool
    #: Megabytes that building a model may take.
    memory_limit: int | None
    #: Where they are kept; that of the user if not given.
    cache_dir: Path | None
    #: Whether they are kept at all.
    is_cached: bool


def add_target(parser: ArgumentParser) -> None:
    """Add the model, of any of the kinds that `operands` reads."""
    parser.add_argument(
        "target",
        metavar="TARGET",
        help="the model: 'pkg.build' or 'pkg.build(depth=50)', as of the directive; a .keras; a "
        "snapshot; or such a file at a revision of git, 'HEAD~1:docs/_models/net.json'",
    )


def add_verbosity(parser: ArgumentParser) -> None:
    """Add what all commands of ours have."""
    words = "show tracebacks, what the code prints, and what was passed over"
    parser.add_argument("-v", "--verbose", action="store_true", help=words)
    words = "show errors alone: no progress, and no hints"
    parser.add_argument("-q", "--quiet", action="store_true", help=words)


def add_build_settings(
    parser: ArgumentParser, title: str = "How the model is built"
) -> argparse._ArgumentGroup:
    """Add those of `BuildSettings` that are arguments; returns their group."""
    group = parser.add_argument_group(title)
    for setting in taken(BuildSettings):
        _add(group, setting)
    return group


def add_building(parser: ArgumentParser) -> None:
    """Add what `building` reads."""
    group = add_build_settings(parser, "How the model is built, and its graph kept")
    group.add_argument(
        "--cache-dir",
        metavar="FOLDER",
        help="Where graphs are kept, so that a model is built again only if its code has changed. "
        "A folder of yours among the caches of this user if not given.",
    )
    group.add_argument("--no-cache", action="store_true", help="Build the model in any case.")


def building(given: Namespace) -> Building:
    """What is given of `add_building`. Raises `Fault` ``option``."""
    settings = group_of(BuildSettings, given)
    folder = given.cache_dir
    return Building(
        settings.timeout,
        settings.load_weights,
        settings.memory_limit,
        None if folder is None else Path(folder),
        not given.no_cache,
    )


def format_written(path: str, formats: Sequence[str]) -> str:
    """What a file becomes that is to be written. Raises `Fault` ``option`` if it can't be."""
    from sphinxcontrib_kerasgraph.draw.files import format_of

    found = format_of(path, formats)
    folder = os.path.dirname(path)
    if folder and not os.path.isdir(folder):
        raise Fault("option", f"There is no folder {folder!r}.", "Make it, or check the spelling.")
    return found


def taken(group: type[Any]) -> list[Field[Any]]:
    """The options of a group that are arguments of commands."""
    return [one for one in fields(group) if group in _WHOLE or one.metadata["argument"]]


def add_options(parser: ArgumentParser, groups: Iterable[type[Any]]) -> None:
    """Add the options of these groups that are arguments."""
    for group in groups:
        named = parser.add_argument_group(str(group.__doc__).rstrip("."))
        for option in taken(group):
            _add(named, option)


def context(given: Namespace) -> int | str:
    """How much is drawn around what differs between two models. Raises `Fault` ``option``."""
    return group_of(DiffOptions, given).context


def models(given: Namespace, targets: tuple[str, str]) -> tuple[ModelOptions, ModelOptions]:
    """What the old model, and what the new one is built with. Raises `Fault` ``option``."""
    texts = _texts(given, (*fields(ModelOptions), *fields(OldModelOptions)))
    old, new = options.texts_of_two(texts, targets, WRITTEN)
    read = options.parse_options
    return read(ModelOptions, old, {}, WRITTEN), read(ModelOptions, new, {}, WRITTEN)


def drawing(given: Namespace) -> DrawOptions:
    """The options of the drawing. Raises `Fault` ``option``."""
    known = [option for group in options.DRAWING for option in fields(group)]
    return options.parse_drawing(_texts(given, known), {}, WRITTEN)


def group_of(group: type[G], given: Namespace) -> G:
    """The options of a group. Raises `Fault` ``option``."""
    return options.parse_options(group, _texts(given, taken(group)), {}, WRITTEN)


def _texts(given: Namespace, known: Iterable[Field[Any]]) -> dict[str, str]:
    names = map(option_fields.page_name, known)
    found = {name: getattr(given, name, None) for name in names}
    return {name: str(value) for name, value in found.items() if value is not None}


def _add(parser: argparse._ActionsContainer, option: Field[Any]) -> None:
    kind = option.metadata["kind"]
    name = option_fields.page_name(option)
    is_flag = isinstance(kind, Flag)
    words = "" if is_flag else f" {kind.words.capitalize()}."
    text = f"{option.metadata['summary']}{words}".replace("``", "").replace("%", "%%")
    if is_flag:  # as a pair: a value behind it could be the target
        action = argparse.BooleanOptionalAction
        parser.add_argument(f"--{name}", dest=name, action=action, help=text)
    else:
        value = option.metadata["argument"] or "VALUE"
        parser.add_argument(f"--{name}", dest=name, metavar=value, help=text)
