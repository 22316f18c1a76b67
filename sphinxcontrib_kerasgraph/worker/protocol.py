"""What passes between Sphinx's side and the processes that build models.

What a builder says is a file: a line of JSON, which is there, or not, when the builder has ended.
What passes through pipes is but which model is to be built, and how its builder ended: no code of
an author's runs at either end of those, but where an importer holds two, which its module's code
may write to. Each side may read anything: what isn't just so is refused with `ValueError`.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.target import ModelRequest

#: So much of what the author's code printed is passed on, in bytes; the end says most.
OUTPUT_KEPT = 20_000

#: Kinds and names of what a model is made from: see `Dependencies.made_from`.
MadeFrom = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Setup:
    """How all models of a build are built."""

    #: Where modules are found: `sys.path`.
    path: Sequence[str]
    #: Has what models answer and print: see `place`.
    folder: str
    #: In seconds, for one model; importing Keras isn't counted.
    timeout: float
    #: So many are built at a time.
    most: int = 1
    #: So much memory a model may take beside Keras itself, in megabytes; none is no limit.
    memory: float | None = None
    #: Whether the author's code loads weights.
    load_weights: bool = False

    def place(self, number: int) -> str:
        """Where the files of a model are, but for their endings."""
        return os.path.join(self.folder, str(number))

    def to_line(self) -> bytes:
        """The setup as a builder reads it."""
        return line_of(asdict(self))

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """What `to_line` wrote."""
        return cls(**json.loads(line))


#: How the names of files end; one of the last says that a process has imported Keras.
ANSWER, PRINTED, READY = ".answer", ".printed", ".ready"
#: An answer that isn't whole yet.
PART = ".part"


@dataclass(frozen=True)
class Question:
    """Which model is to be built; the file of a saved one is an absolute path."""

    #: Tells its answer from those to others.
    number: int
    #: None says that the answer isn't wanted any more.
    request: ModelRequest | None

    def to_line(self) -> bytes:
        """The question as a builder reads it."""
        request = None if self.request is None else self.request.to_data()
        return line_of({"number": self.number, "request": request})

    @classmethod
    def from_line(cls, line: bytes) -> Question:
        """What `to_line` wrote. Raises `ValueError` for anything else."""
        data = _data(line, {"number", "request"})
        number = _number(data["number"])
        try:
            request = data["request"]
            return cls(number, None if request is None else ModelRequest.from_data(request))
        except (TypeError, AttributeError) as error:
            raise ValueError(repr(error)) from error


class Lost(Exception):
    """What builds models has died, or says nothing any more."""

    def __init__(self, how: str, output: str = "") -> None:
        super().__init__(how)
        #: The end of what it printed.
        self.output = output


@dataclass(frozen=True)
class Begun:
    """That the builder of a model was started."""

    number: int
    #: As of `time.time`.
    started: float

    def to_line(self) -> bytes:
        """This as Sphinx's side reads it."""
        return line_of(asdict(self))


@dataclass(frozen=True)
class Ended:
    """How the builder of a model ended."""

    number: int
    #: When it began, as of `time.time`.
    started: float
    #: As of `subprocess.Popen`: of a signal it is negative.
    code: int = 0
    #: Whether it was killed because it took too long.
    timed_out: bool = False
    #: Whether the system has killed processes meanwhile for want of memory.
    out_of_memory: bool = False
    #: Whether it had imported Keras.
    was_ready: bool = True

    def to_line(self) -> bytes:
        """This as Sphinx's side reads it."""
        return line_of(asdict(self))


def event_from_line(line: bytes) -> Begun | Ended:
    """What `to_line` of either wrote."""
    data = json.loads(line)
    return Ended(**data) if "code" in data else Begun(**data)


@dataclass(frozen=True)
class Answer:
    """What is said of one model."""

    result: ModelGraph | Fault
    #: The graph as JSON.
    json: str = ""
    #: What the model is made from.
    made_from: MadeFrom = field(default_factory=dict)
    #: How long it took, the start of the process and the import of Keras aside.
    seconds: float = 0
    #: The end of what the author's code printed, which doesn't cross with the rest.
    output: str = ""

    def to_line(self) -> bytes:
        """The answer as Sphinx's side reads it."""
        fault = self.result.to_dict() if isinstance(self.result, Fault) else None
        return line_of(
            {
                "graph": self.json,
                "fault": fault,
                "made_from": self.made_from,
                "seconds": self.seconds,
            }
        )

    @classmethod
    def from_line(cls, line: bytes) -> Answer:
        """What `to_line` wrote. Raises `ValueError` for anything else.

        So it does for a graph that doesn't hold together, or that lies deeper in itself than
        Python can read.
        """
        data = _data(line, {"graph", "fault", "made_from", "seconds"})
        if type(data["graph"]) is not str:
            raise ValueError("a graph that is no text")
        return cls(
            _result(data["graph"], data["fault"]),
            data["graph"],
            _made_from(data["made_from"]),
            _seconds(data["seconds"]),
        )


def line_of(data: object) -> bytes:
    """JSON in a line."""
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
