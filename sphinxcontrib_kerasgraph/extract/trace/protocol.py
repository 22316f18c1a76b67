"""What is told between a tracer and the ways of tracing that it is given.

Neither imports the other: `ways` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import keras

from sphinxcontrib_kerasgraph.extract.read.recorded import Block, RecordedCall
from sphinxcontrib_kerasgraph.extract.trace.recording import Entered, Frame

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sphinxcontrib_kerasgraph.extract.read.history import TensorKey
    from sphinxcontrib_kerasgraph.extract.read.origins import Origins
    from sphinxcontrib_kerasgraph.extract.trace.conversion import Conversion
    from sphinxcontrib_kerasgraph.extract.trace.known_numbers import KnownNumbers
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph


class Tracing(Protocol):
    """What a tracer does: it runs code on tensors, and records the calls that the code makes."""

    @property
    def origins(self) -> Origins:
        """Notes on tensors that no call made which is drawn."""

    @property
    def frame(self) -> Frame | OtherFrame | None:
        """Where calls are recorded that are made now."""

    def block(
        self,
        function: Callable[..., Any],
        args: Sequence[Any],
        kwargs: Mapping[str, Any] | None = None,
    ) -> tuple[Block, Any]:
        """What is inside a call of the function, and what it returned, which no call made yet."""

    def record(
        self, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[list[RecordedCall], Any]:
        """The calls that the function makes, and what it returned."""

    def code_of(self, layer: keras.Layer) -> Callable[..., Any]:
        """The layer's ``call``, to be run as the inside of a call of the layer."""

    def suspended(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What the function returns, whose calls aren't recorded."""

    def opened(self, call: RecordedCall) -> RecordedCall:
        """A call that was recorded without its inside, with it."""

    def read_body(
        self,
        calls: Sequence[RecordedCall],
        inputs: Sequence[keras.KerasTensor],
        outputs: Sequence[keras.KerasTensor],
        carried: Mapping[TensorKey, keras.KerasTensor] | None = None,
    ) -> tuple[CallGraph, tuple[keras.KerasTensor, ...]]:
        """The graph of a block's calls, and the tensors that it takes from outside."""

    def operation_of(self, call: Call) -> keras.Operation:
        """What is called by a call of a graph that was read."""

    def new(self, shape: Sequence[int | None], dtype: str, **kwargs: Any) -> keras.KerasTensor:
        """A symbolic tensor."""

    def stand_in(self, tensor: keras.KerasTensor) -> keras.KerasTensor:
        """A tensor like the given one, for the code inside a block; sizes may be made known."""

    def weight(self, variable: keras.Variable) -> keras.KerasTensor:
        """The symbolic tensor that stands for a weight."""

    def as_symbolic(self, value: Any) -> Any:
        """A symbolic tensor in place of an array, noted as a constant; other values as they are."""

    def unmade(self, outputs: Any) -> Any:
        """The same structure of tensors that no call has made yet."""

    @property
    def numbers(self) -> KnownNumbers:
        """The numbers of tensors that stand for sizes."""

    @property
    def conversion(self) -> Conversion:
        """Whether the author's functions are run as other code that does the same."""

    def pushed(self, item: Frame | OtherFrame | None) -> AbstractContextManager[None]:
        """Record in the frame meanwhile; nowhere for ``None``."""

    def running(self, runner: Runner | None) -> AbstractContextManager[None]:
        """Have all blocks run by the runner meanwhile; by the tracer for ``None``."""


class OtherFrame(Protocol):
    """Where calls are recorded that are made on other tensors than symbolic ones."""

    def layer_call(self, original: Any, layer: keras.Layer, args: Any, kwargs: Any) -> Any:
        """Run ``original``, the layer's ``__call__``, and record that."""

    def direct_call(
        self, run: Callable[[], Any], layer: keras.Layer, args: Any, kwargs: Any
    ) -> Any:
        """Run ``run``, the layer's ``call``, and record that."""

    def add_loss(self, loss: Any) -> None:
        """Record a loss."""

    def weight(self, variable: keras.Variable) -> Any:
        """What stands for a weight there."""

    def assign(self, variable: keras.Variable, value: Any) -> Any:
        """Have the weight be the value in what follows; return that."""


class Runner(Protocol):
    """Runs the code of blocks on other tensors than symbolic ones."""

    def block(self, function: Callable[..., Any], args: Any, kwargs: Any) -> tuple[Block, Any]:
        """As `Tracing.block`."""


#: What may be under way while code runs, the innermost last.
Recording = Frame | OtherFrame | Entered | None

#: Runs what is inside a call of an operation, with its arguments and keywords; returns the block,
#: and the outputs of the call. Raises what the code inside raises.
Opener = Callable[[Tracing, Any, Any, Any], tuple[Block, Any]]


def _never(_error: Exception) -> bool:
    return False


def _always(_error: Exception) -> bool:
    return True


@dataclass(frozen=True)
class Way:
    """One way to trace what is inside a call."""

    opener: Opener
    #: Whether the code is given the call's tensors as they are, and reads their sizes: what
    #: depends on a size that isn't known comes from the one tensor that has such.
    reads_sizes: bool = False
    #: Whether the error, of the last try, tells that this way fails whatever the sizes are.
    is_hopeless: Callable[[Exception], bool] = _never
    #: Whether it is a way for code that raised the error in a way before: else it isn't tried.
    answers: Callable[[Exception], bool] = _always


#: The ways to trace a call of an operation, the best one first; none for a leaf.
WaysOf = Callable[[keras.Operation], tuple[Way, ...]]
