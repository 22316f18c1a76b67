"""What passes between Sphinx's side and the worker: a question and its answer, a line of JSON each.

Each side may read anything, since the author's code runs in the worker: what isn't just so is
refused with `ValueError`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.target import ModelRequest

#: So much of what the author's code printed is passed on, in bytes; the end says most.
OUTPUT_KEPT = 20_000

#: Kinds and names of what a model is made from: see `Dependencies.made_from`.
MadeFrom = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Question:
    """Which model the worker is to build; the file of a saved one is an absolute path."""

    #: Tells its answer from those to others.
    number: int
    request: ModelRequest

    def to_line(self) -> bytes:
        """The question as the worker reads it."""
        return _line({"number": self.number, "request": self.request.to_data()})

    @classmethod
    def from_line(cls, line: bytes) -> Question:
        """What `to_line` wrote. Raises `ValueError` for anything else."""
        data = _data(line, {"number", "request"})
        number = _number(data["number"])
        try:
            return cls(number, ModelRequest.from_data(data["request"]))
        except (TypeError, AttributeError) as error:
            raise ValueError(repr(error)) from error


@dataclass(frozen=True)
class Answer:
    """What the worker says of one model."""

    result: ModelGraph | Fault
    #: The graph as JSON.
    json: str = ""
    #: What the model is made from.
    made_from: MadeFrom = field(default_factory=dict)
    #: How long it took, the start of the process and the import of Keras aside.
    seconds: float = 0
    #: The end of what the author's code printed.
    output: str = ""
    #: That of the question.
    number: int = 0

    def to_line(self) -> bytes:
        """The answer as Sphinx's side reads it."""
        fault = self.result.to_dict() if isinstance(self.result, Fault) else None
        return _line(
            {
                "number": self.number,
                "graph": self.json,
                "fault": fault,
                "made_from": self.made_from,
                "seconds": self.seconds,
                "output": self.output,
            }
        )

    @classmethod
    def from_line(cls, line: bytes) -> Answer:
        """What `to_line` wrote. Raises `ValueError` for anything else.

        So it does for a graph that doesn't hold together, or that lies deeper in itself than
        Python can read.
        """
        data = _data(line, {"number", "graph", "fault", "made_from", "seconds", "output"})
        number = _number(data["number"])
        if {type(data["graph"]), type(data["output"])} != {str}:
            raise ValueError("a graph, or what was printed, that is no text")
        return cls(
            _result(data["graph"], data["fault"]),
            data["graph"],
            _made_from(data["made_from"]),
            _seconds(data["seconds"]),
            data["output"],
            number,
        )


def _line(data: dict[str, Any]) -> bytes:
    return json.dumps(data).encode() + b"\n"


def _data(line: bytes, names: set[str]) -> dict[str, Any]:
    if not line.endswith(b"\n"):
        raise ValueError("half a line")
    try:
        data = json.loads(line)
    except (RecursionError, MemoryError) as error:
        raise ValueError(repr(error)) from error
    if not isinstance(data, dict) or data.keys() != names:
        raise ValueError(f"something else than {', '.join(sorted(names))}")
    return data


def _number(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("a number that is none")
    return value


def _seconds(value: Any) -> float:
    if type(value) not in {int, float} or not 0 <= value < math.inf:
        raise ValueError("seconds that are none")
    return float(value)


def _made_from(data: Any) -> MadeFrom:
    if not isinstance(data, dict) or not all(
        isinstance(names, list) and all(isinstance(name, str) for name in names)
        for names in data.values()
    ):
        raise ValueError("what it is made from is no names")
    return data


def _result(graph: str, fault: Any) -> ModelGraph | Fault:
    try:
        return ModelGraph.from_json(graph) if fault is None else _fault(graph, fault)
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(repr(error)) from error


def _fault(graph: str, data: Any) -> Fault:
    if graph or not all(isinstance(text, str) for text in data.values()):
        raise ValueError("a fault that is none")
    return Fault.from_dict(data)
