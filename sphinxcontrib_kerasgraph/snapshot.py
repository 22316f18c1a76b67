"""Snapshots: graphs as files in the author's repository, for builds without Keras.

They hold nothing of the machine, and of two that differ ``git diff`` shows what differs.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph import files
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Edge, ModelGraph
from sphinxcontrib_kerasgraph.printable import encodable
from sphinxcontrib_kerasgraph.schema import parsed
from sphinxcontrib_kerasgraph.target import ModelRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: The largest file that is read, in bytes, and so many lists and objects it may have: those of a
#: model of 40,000 calls. What Python makes of others may take more memory than there is.
LARGEST = 2**25
_MOST_PARTS = 2**21

#: So long a line may be.
_WIDTH = 100
_LONGEST_NAME = 60

#: In this order parts are written: names before all else.
_NAMES = [field.name for cls in (Call, Edge, ModelGraph, CallGraph) for field in fields(cls)]


def file_name(request: ModelRequest) -> str:
    """The name of the file: the target, as far as file systems take it, and a hash of all."""
    words = re.sub(r"\W+", "-", request.target).strip("-")[:_LONGEST_NAME].strip("-")
    digest = hashlib.sha256(json.dumps(request.to_data()).encode()).hexdigest()
    return f"{words}-{digest[:8]}.json"


def to_text(request: ModelRequest, graph: ModelGraph) -> str:
    """The content of the file: JSON, with what belongs together on a line."""
    return (
        encodable(_laid_out(request.to_data() | {"graph": json.loads(graph.to_json())}, "")) + "\n"
    )


def loaded(content: bytes) -> Any:
    """What a file of JSON holds. Raises `ValueError`, also where reading it would take too much."""
    if len(content) > LARGEST or content.count(b"[") + content.count(b"{") > _MOST_PARTS:
        raise ValueError("it is too large")
    return parsed(content)


def read(path: Path) -> tuple[ModelRequest, ModelGraph]:
    """The snapshot in a file. Raises `ValueError` if none can be read."""
    return from_data(loaded(content_of(path)))


def content_of(path: str | Path) -> bytes:
    """What is in a file. Raises `FileNotFoundError`, or `ValueError` if it can't be read."""
    try:
        return files.read(path, LARGEST)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ValueError(str(error.strerror)) from error


def of_request(content: bytes, request: ModelRequest) -> ModelGraph:
    """The graph in the file that is named by the request. Raises `ValueError` for any other."""
    told, graph = from_data(loaded(content))
    if told != request:
        raise ValueError(f"it is of another model, {told.target!r}")
    return graph


def is_snapshot(data: Any) -> bool:
    """Whether this is a snapshot, be it damaged."""
    return isinstance(data, dict) and {"target", "graph"} <= data.keys()


def from_data(data: Any) -> tuple[ModelRequest, ModelGraph]:
    """What `to_text` wrote, of what its JSON holds. Raises `ValueError` for anything else."""
    if not is_snapshot(data):
        raise ValueError("not a snapshot: it has no target, or no graph")
    asked = {name: value for name, value in data.items() if name != "graph"}
    return ModelRequest.from_data(asked), ModelGraph.from_data(data["graph"])


def finished(content: bytes, name: str, given: Sequence[str]) -> ModelGraph | None:
    """The graph in a file of JSON; ``None`` if Keras has written it, and can build the model.

    It is that of a snapshot, or one alone as `ModelGraph.to_json` has it. ``given`` are the options
    that say what the model is built with. Raises `Fault` ``build`` if there is no model in the
    file, ``option`` if something is given that a finished graph has no use for.
    """
    try:
        data = loaded(content)
        if isinstance(data, dict) and "class_name" in data:
            return None
        graph = from_data(data)[1] if is_snapshot(data) else ModelGraph.from_data(data)
    except ValueError as error:
        raise Fault(
            "build",
            f"{name!r} holds no model: {error}.",
            "It must be a snapshot, what 'kerasgraph draw' writes into a .json, or what Keras's "
            "to_json() gives. One of another release is made anew: 'kerasgraph snapshot'.",
        ) from error
    if given:
        message = f"Nothing is built of {name!r}, which holds a finished graph."
        raise Fault("option", message, f"Leave out {' and '.join(given)}.")
    return graph


def _laid_out(value: Any, indent: str) -> str:
    """JSON, in one line where it is short, else with a line for each part."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + len(line) < _WIDTH or not value:
        return line
    deeper = indent + " "
    if isinstance(value, list):
        parts = [_laid_out(part, deeper) for part in value]
        ends = "[]"
    else:
        parts = [
            f"{json.dumps(name, ensure_ascii=False)}: {_laid_out(part, deeper)}"
            for name, part in sorted(value.items(), key=_place)
        ]
        ends = "{}"
    inside = ",\n".join(deeper + part for part in parts)
    return f"{ends[0]}\n{inside}\n{indent}{ends[1]}"


def _place(item: tuple[str, Any]) -> tuple[int, str]:
    name, _ = item
    return _NAMES.index(name) if name in _NAMES else len(_NAMES), name
