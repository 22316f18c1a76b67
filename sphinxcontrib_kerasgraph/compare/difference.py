"""In which a model differs from what it was, as values: which call, what, before and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.compare.match import Place
    from sphinxcontrib_kerasgraph.compare.tensors import Route, TensorMatch
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Change


class Aspect(StrEnum):
    """What of a call or model a changed value belongs to."""

    #: A field of `Call` or `ModelGraph`.
    FIELD = "field"
    #: What ``get_config()`` tells.
    CONFIGURATION = "configuration"
    #: An argument that is no tensor.
    CONSTANT = "constant"
    #: Shapes and dtypes of all ``inputs`` or ``outputs``.
    TENSORS = "tensors"
    #: A number of weights: a field of `Parameters`.
    PARAMETERS = "parameters"


@dataclass(frozen=True)
class ModelChanged:
    """A value of the model as a whole is another."""

    aspect: Aspect
    #: The name of the field.
    keys: tuple[str, ...]
    before: Any
    after: Any


@dataclass(frozen=True)
class CallAdded:
    """A call is there that wasn't, with all that is inside."""

    #: Its path in the new model.
    path: str
    class_name: str
    #: The path of the first call whose output it takes, if it takes one.
    follows: str | None
    #: In which block it is, and what it is.
    block: Place | None = field(default=None, repr=False, compare=False)
    call: Call | None = field(default=None, repr=False, compare=False)
    #: The tensors that it takes, and those that it makes.
    tensors: tuple[TensorMatch, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class CallRemoved:
    """A call isn't there any more, nor what was inside."""

    #: Its path in the old model.
    path: str
    class_name: str
    #: The path, in the old model, of the first call whose output it took, if it took one.
    follows: str | None
    #: The tensors that go now, between calls of both models, where what it made went.
    tensors: tuple[TensorMatch, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class CallMoved:
    """A call is in another place, from where no line could be drawn to the one where it was."""

    place: Place
    class_name: str
    #: The paths, each in its model, of the first calls whose output it took and takes.
    before: str | None
    after: str | None
    #: What is there now.
    call: Call | None = field(default=None, repr=False, compare=False)
    #: The tensors that it takes and makes there, and those that go where what it made went.
    tensors: tuple[TensorMatch, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class CallReplaced:
    """A layer of another class is in the place of one that was for the same."""

    place: Place
    #: The classes.
    before: str
    after: str
    #: What is there now.
    call: Call | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class WrappingChanged:
    """A block is around calls of both models that wasn't, or is no more."""

    #: `Change.ADDED` or `Change.REMOVED`.
    change: Change
    #: Its path in the model that has it.
    path: str
    class_name: str


@dataclass(frozen=True)
class CallRenamed:
    """A call has another id."""

    place: Place
    #: The ids.
    before: str
    after: str


@dataclass(frozen=True)
class CallChanged:
    """A value of a call is another."""

    place: Place
    aspect: Aspect
    #: The name of the field or constant, or the keys that lead to it in the configuration.
    keys: tuple[str, ...]
    #: `Missing.NOTHING` where there is none.
    before: Any
    after: Any


@dataclass(frozen=True)
class PolicyChanged:
    """The layers that had one dtype policy have another, all of them."""

    #: The names of the policies.
    before: str
    after: str


@dataclass(frozen=True)
class InsideChanged:
    """What is inside a block is known now, or is known no more."""

    place: Place
    known: bool
    #: What is inside now.
    body: CallGraph | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class TensorAdded:
    """A tensor goes a way between calls of both models that it didn't go.

    It isn't told of those that go to added calls, or go now where a removed call was.
    """

    route: Route
    argument: str | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class TensorRemoved:
    """A tensor goes a way between calls of both models no more.

    It isn't told of those that went to removed calls, or go through added ones now.
    """

    route: Route


@dataclass(frozen=True)
class ArgumentChanged:
    """A tensor is passed as another argument."""

    route: Route
    before: str | None
    after: str | None


@dataclass(frozen=True)
class OutputChanged:
    """What a call makes is an output of its model or block that was none, or is one no more.

    It isn't told where calls of one model alone account for it.
    """

    #: `Change.ADDED` or `Change.REMOVED`.
    change: Change
    #: The way to the output that it is, or was.
    route: Route
    #: Whether the call makes more than this.
    is_of_many: bool = False
    #: All outputs of the model or block that another tensor goes to, or that are no more.
    tensors: tuple[TensorMatch, ...] = field(default=(), repr=False, compare=False)

    @property
    def place(self) -> Place:
        """Where the call is."""
        return self.route.source.call


@dataclass(frozen=True)
class OutputsReordered:
    """What both models have as outputs are outputs of other numbers."""

    #: Where the model or block is.
    block: Place
    #: What makes them, in the old model and in the new one: the id of a call, and the index of
    #: the tensor where the call makes several.
    before: tuple[tuple[str, int | None], ...]
    after: tuple[tuple[str, int | None], ...]
    #: As of `OutputChanged`.
    tensors: tuple[TensorMatch, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class InputsReordered:
    """The inputs of a model are the same in another order."""

    #: Where the model is.
    block: Place
    #: The ids of the inputs, in the old model and in the new one.
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class SharingChanged:
    """A call shares its weights with another call before it, or with none, than it did."""

    place: Place
    #: The path of that other call in the old model; ``None`` where there is none.
    before: str | None
    #: Its path in the new model.
    after: str | None


@dataclass(frozen=True)
class Undrawn:
    """The models differ in what is neither drawn nor told."""


Difference: TypeAlias = (
    ModelChanged
    | CallAdded
    | CallRemoved
    | CallMoved
    | CallReplaced
    | WrappingChanged
    | CallRenamed
    | CallChanged
    | PolicyChanged
    | InsideChanged
    | TensorAdded
    | TensorRemoved
    | ArgumentChanged
    | OutputChanged
    | OutputsReordered
    | InputsReordered
    | SharingChanged
    | Undrawn
)
