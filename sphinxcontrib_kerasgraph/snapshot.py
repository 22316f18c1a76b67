"""Snapshots: graphs as files in the author's repository, for builds without Keras.

They hold nothing of the machine, and of two that differ ``git diff`` shows what differs.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import fields
from typing import Any

from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Edge, ModelGraph
from sphinxcontrib_kerasgraph.printable import encodable
from sphinxcontrib_kerasgraph.target import ModelRequest

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


def from_text(text: str) -> tuple[ModelRequest, ModelGraph]:
    """What `to_text` wrote. Raises `ValueError` for any other text."""
    try:
        data = json.loads(text)
        graph = ModelGraph.from_data(data.pop("graph"))
        return ModelRequest.from_data(data), graph
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a snapshot: {error!r}") from error


def graph_from_text(text: str) -> ModelGraph:
    """The graph of a snapshot; or of a file that is but a graph, as `ModelGraph.to_json` has it.

    Raises `ValueError` for any other text.
    """
    try:
        return from_text(text)[1]
    except ValueError:
        return ModelGraph.from_json(text)


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
