"""The model that an argument names: a target, a file, or a file of a revision of git."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import files, option_fields, snapshot
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.cli import git
from sphinxcontrib_kerasgraph.cli.graphs import graphs_of
from sphinxcontrib_kerasgraph.faults import Fault, did_you_mean
from sphinxcontrib_kerasgraph.settings import ModelOptions
from sphinxcontrib_kerasgraph.target import FILES, ModelRequest, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.cli.arguments import Building
    from sphinxcontrib_kerasgraph.cli.terminal import Terminal
    from sphinxcontrib_kerasgraph.graph import ModelGraph

#: What models of git may be written with, as in other tools.
_GIT = "git:"


@dataclass(frozen=True)
class Operand:
    """What is named, and what it is built with, if it has to be built."""

    text: str
    options: ModelOptions
    #: Whether it is the old model, whose own options have another name.
    is_old: bool = False


def models_of(
    operands: Sequence[Operand], building: Building, terminal: Terminal
) -> list[ModelGraph]:
    """The graph of each; those of targets are built together. Raises `Fault`.

    An operand is ``pkg.build(depth=2)``; ``model.keras``, or a JSON of `keras.Model.to_json`; a
    snapshot, or the JSON that ``kerasgraph draw`` writes; or a file of these kinds at a revision,
    ``HEAD~1:docs/_models/net.json``, as git names it.
    """
    with ExitStack() as stack:
        # Of two, the new one first: what is given for both is called by its name there.
        found: list[ModelGraph | ModelRequest] = []
        for one in reversed(operands):
            try:
                found.insert(0, _read(one, stack))
            except Fault as fault:
                raise _told_of(one, operands, fault) from fault
        asked = zip(operands, found, strict=True)
        requests = {one: operand for operand, one in asked if isinstance(one, ModelRequest)}
        if any(_is_of_git(operand.text) for operand in requests.values()):
            # They were saved, and are unpacked into a folder that won't be there again.
            building = replace(building, is_cached=False)
        built = graphs_of([*requests], building, terminal)
    graphs = []
    for operand, read in zip(operands, found, strict=True):
        graph = built[read] if isinstance(read, ModelRequest) else read
        if isinstance(graph, Fault):
            raise _told_of(operand, operands, graph) from graph
        graphs.append(graph)
    return graphs


def _told_of(operand: Operand, operands: Sequence[Operand], fault: Fault) -> Fault:
    """The fault; of two models it tells which it is, and the options by which that is built."""
    if len(operands) < 2:
        return fault
    message, advice = fault.message, fault.advice
    old, new = operands
    if operand.is_old and old.options != new.options:  # it has options of its own
        for name in map(option_fields.page_name, fields(ModelOptions)):
            advice = re.sub(rf"{{(option|setting) {name}\b", rf"{{\1 old-{name}", advice)
    which = "the old model" if operand.is_old else "the new model"
    if (old.text, old.options) == (new.text, new.options):
        which = "both models"
    text = operand.text.strip()
    if repr(text) not in message:
        message = f"{text}, {which}: {message}"
    return Fault(fault.subtype, message, advice, fault.details)


def _read(operand: Operand, stack: ExitStack) -> ModelGraph | ModelRequest:
    """The graph that a file holds, or the request for what has to be built. Raises `Fault`."""
    text = operand.text.strip()
    content: bytes | None = None
    path = text
    if _is_of_git(text):
        content = git.content(text.removeprefix(_GIT))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="kerasgraph-"))
        path = str(Path(folder, os.path.basename(text)))
        Path(path).write_bytes(content)
    elif text.endswith(FILES):
        content = _content(text)
    if content is not None and path.endswith(".json"):
        graph = snapshot.finished(content, text, _given(operand))
        if graph is not None:
            return graph
    request = ModelRequest(Target.parse(path).text, **vars(operand.options))
    Calling.of(request)  # says what is wrong with it before the model is built
    return request


def _is_of_git(text: str) -> bool:
    """Whether the text is ``REV:path``, of a file that may hold a model; no file of that name."""
    text = text.strip()
    return text.startswith(_GIT) or (
        ":" in text and text.endswith(FILES) and not os.path.exists(text)
    )


def _content(path: str) -> bytes | None:
    """What a file of JSON holds; ``None`` of one of another kind. Raises `Fault` ``target``."""
    if os.path.isdir(path):
        raise Fault("target", f"{path!r} is a folder.", "Name a file.")
    if not os.path.isfile(path):
        raise _missing(path)
    try:
        return files.read(path) if path.endswith(".json") else None
    except OSError as error:
        raise Fault("target", f"{path!r} can't be read: {error.strerror}.") from error


def _given(operand: Operand) -> list[str]:
    """The options, as they are written."""
    return [
        f"--{'old-' * operand.is_old}{option_fields.page_name(option)}"
        for option in fields(ModelOptions)
        if getattr(operand.options, option.name) is not None
    ]


def _missing(path: str) -> Fault:
    folder, name = os.path.split(path)
    try:
        with os.scandir(folder or ".") as found:
            names = [one.name for one in found if one.name.endswith(FILES) and one.is_file()]
    except OSError:
        return Fault("target", f"There is no folder {folder!r}.", "Check the spelling.")
    advice = did_you_mean(name, names, "Check the spelling.")
    return Fault("target", f"There is no file {path!r}.", advice)
