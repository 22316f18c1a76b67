"""Where calls are recorded while code runs on symbolic tensors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinxcontrib_kerasgraph.extract.read.recorded import Block, RecordedCall, recorded

if TYPE_CHECKING:
    from collections.abc import Mapping

    import keras


@dataclass
class Frame:
    """The calls that the code of one block makes."""

    calls: list[RecordedCall] = field(default_factory=list)
    #: What the code assigned to weights, by their identity.
    assigned: dict[int, keras.KerasTensor] = field(default_factory=dict)

    def add(self, operation: keras.Operation, args: Any, kwargs: Any, outputs: Any) -> None:
        """Record a call, as the last one so far."""
        self.calls.append(recorded(operation, args, kwargs, outputs, ordinal=len(self.calls)))


class Attempt(NamedTuple):
    """What an attempt has shown of the inside of a call; nothing, if there is none to be shown."""

    block: Block | None = None
    #: Why the inside isn't known.
    opaque: str | None = None
    #: What the call returns, if that is known.
    outputs: Any = None


@dataclass
class Entered:
    """A layer whose ``__call__`` is under way.

    Before its ``symbolic_call`` Keras converts arguments and builds the layer, which are no
    calls of the model; after it Keras computes masks, which are.
    """

    layer: keras.Layer
    frame: Frame
    called: bool = False
    place: int = 0
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    tried: Attempt = field(default_factory=Attempt)
