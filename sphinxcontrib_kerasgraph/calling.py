"""How a model is called to be drawn: shapes, dtypes, other arguments, and which method is run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import parse_input_dtype, parse_input_shape
from sphinxcontrib_kerasgraph.written import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinxcontrib_kerasgraph.target import DtypeTree, ModelRequest, ShapeTree

#: The method that is drawn if no other is asked for.
CALL = "call"


@dataclass(frozen=True)
class Calling:
    """What a model that has no inputs of its own is called with, and which method of it is drawn.

    Each value is that of the option of the same name; ``None`` where it isn't given.
    """

    #: Without the batch dimension.
    input_shape: ShapeTree | None = None
    input_dtype: DtypeTree | None = None
    #: Whether the model is drawn as in training, where its code asks; Keras's default is no.
    training: bool | None = None
    #: Arguments of ``call`` that are no tensors, by their names.
    call: Mapping[str, Any] = field(default_factory=dict)
    #: The method that is run.
    trace: str = CALL

    def __post_init__(self) -> None:
        """Refuse what would be said twice. Raises `Fault` ``target``."""
        if "training" in self.call:
            raise Fault(
                "target",
                "'training' is among the arguments of 'call'.",
                "Give the mode by {option training=yes} or {option training=no}.",
            )

    @classmethod
    def of(cls, request: ModelRequest) -> Calling:
        """What is asked for, parsed. Raises `Fault` ``target``."""
        shape, dtype = request.input_shape, request.input_dtype
        return cls(
            None if shape is None else parse_input_shape(shape),
            None if dtype is None else parse_input_dtype(dtype),
            request.training,
            {} if request.call is None else parse_call(request.call),
            request.trace or CALL,
        )

    def over(self, other: Calling) -> Calling:
        """What this says; and what the other one says, of what it doesn't."""
        unsaid = Calling()
        said = {name: value for name, value in vars(self).items() if value != getattr(unsaid, name)}
        return replace(other, **said)


def parse_call(text: str) -> dict[str, Any]:
    """Parse the value of ``:call:``, e.g. ``{"return_state": False}``.

    Raises `Fault` ``target``.
    """
    try:
        value = literal(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise Fault(
            "target",
            f"The arguments {text.strip()!r} are no dict of literals.",
            "Write the arguments of 'call' that are no tensors by their names, such as "
            '{option call={"return_state": False}}.',
        )
    return value
