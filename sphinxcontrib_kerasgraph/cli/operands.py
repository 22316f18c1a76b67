"""The model that an argument names: a target, a file, or a file of a revision of git."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import option_fields, snapshot
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.cli import git
from sphinxcontrib_kerasgraph.cli.graphs import graphs_of
from sphinxcontrib_kerasgraph.faults import Fault, did_you_mean
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.settings import ModelOptions
from sphinxcontrib_kerasgraph.target import FILES, ModelRequest, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.cli.arguments import Building
    from sphinxcontrib_kerasgraph.cli.terminal import Terminal

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
        found = [_read(one, stack) for one in operands]
        asked = zip(operands, found, strict=True)
        requests = {one: operand for operand, one in asked if isinstance(one, ModelRequest)}
        if not requests:
            _refuse_options(operands)
        if any(_is_of_git(operand.text) for operand in requests.values()):
            # They were saved, and are unpacked into a folder that won't be there again.
            building = replace(building, is_cached=False)
        built = graphs_of([*requests], building, terminal)
    return [built[one] if isinstance(one, ModelRequest) else one for one in found]


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
        if not os.path.isfile(text):
            raise _missing(text)
        content = Path(text).read_bytes() if text.endswith(".json") else None
    graph = None
    if content is not None and path.endswith(".json"):
        graph = _graph_in(content, text)
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


def _graph_in(content: bytes, name: str) -> ModelGraph | None:
    """The graph in a file of JSON; ``None`` if it is a model that Keras has written there.

    Raises `Fault` ``target`` if it is neither.
    """
    try:
        data = json.loads(content)
        if "class_name" in data:
            return None
        if "target" in data:
            return snapshot.from_text(content.decode())[1]
        return ModelGraph.from_data(data)
    except (ValueError, TypeError, RecursionError) as error:
        raise Fault(
            "target",
            f"{name!r} holds no model: {error}.",
            "It must be a snapshot, what 'kerasgraph draw' writes into a .json, or what Keras's "
            "to_json() gives. One of another release is made anew: 'kerasgraph snapshot'.",
        ) from error


def _refuse_options(operands: Sequence[Operand]) -> None:
    """Raise `Fault` ``option`` if something is given that finished graphs aren't built with."""
    given = [_given(operand) for operand in reversed(operands)]  # the old one's are often the same
    named = " and ".join(repr(operand.text) for operand in operands)
    options = next(filter(None, given), None)
    if options:
        advice = f"Leave out {' and '.join(options)}."
        raise Fault("option", f"Nothing is built of {named}.", advice)


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
        names = [one for one in os.listdir(folder or ".") if one.endswith(FILES)]
    except OSError:
        return Fault("target", f"There is no folder {folder!r}.", "Check the spelling.")
    advice = did_you_mean(name, names, "Check the spelling.")
    return Fault("target", f"There is no file {path!r}.", advice)
