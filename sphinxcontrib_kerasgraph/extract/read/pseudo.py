"""What is drawn as an operation but is none of Keras's: constants, branches, losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read.variables import path_of
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    import inspect


class PseudoOperation(keras.Operation):
    """An operation that is only recorded, never run.

    ``module`` and ``qualname`` are what the box shows, ``texts`` are its constants by name.
    """

    #: The parameters of what is called, where the arguments are to be told by them.
    signature: inspect.Signature | None = None

    def __init__(
        self,
        module: str,
        qualname: str,
        kind: CallKind = CallKind.OPERATION,
        *,
        own_name: str | None = None,
        **texts: str,
    ) -> None:
        super().__init__(name=own_name or qualname.rpartition(".")[2])
        self.module = module
        self.qualname = qualname
        self.kind = kind
        self.texts = texts


class RawStep(PseudoOperation):
    """An operation of TensorFlow's that takes one tensor and makes one.

    Drawings leave it out unless ``raw-operations`` asks for it; so the others are numbered first.
    """


class Constant(PseudoOperation):
    """A tensor that depends on no input of the model, given to a call: positions, say.

    ``argument`` is what it is to the call that takes it first, if that has a name.
    """

    def __init__(self, value: str, argument: str | None = None) -> None:
        super().__init__("", "Constant", CallKind.CONSTANT, value=value)
        self.argument = argument


class Shape(PseudoOperation):
    """A tensor that only the shape of another one decides, such as positions."""

    def __init__(self, value: str) -> None:
        super().__init__("", "Shape", CallKind.OPERATION, value=value)


class Weight(PseudoOperation):
    """A weight that the code itself takes: in a sum, as the query of a layer."""

    def __init__(self, variable: keras.Variable) -> None:
        super().__init__(
            "", "Weight", CallKind.WEIGHT, own_name=path_of(variable).rpartition("/")[2]
        )
        self.variable = variable


class Function(PseudoOperation):
    """A function that control flow calls: a branch, the body of a loop."""

    def __init__(self, name: str) -> None:
        super().__init__("", name, CallKind.FUNCTION)


class Select(PseudoOperation):
    """Where the branches of control flow join: takes the outputs of one of them."""

    def __init__(self) -> None:
        super().__init__("", "Select", CallKind.MERGE)


class AddLoss(PseudoOperation):
    """A call of ``Layer.add_loss``."""

    def __init__(self, module: str = "keras") -> None:
        super().__init__(module, "Layer.add_loss", CallKind.LOSS)


class Loss(PseudoOperation):
    """A call of one of Keras's losses, or of an author's, by that name."""

    def __init__(self, module: str, qualname: str, **texts: str) -> None:
        super().__init__(module, qualname, CallKind.LOSS, **texts)

    def call(self, y_true: Any, y_pred: Any, sample_weight: Any = None, **others: Any) -> Any:
        """Only tells what the arguments are."""


class LossOut(PseudoOperation):
    """A loss that leaves a training step, by the name that the code has for it.

    ``is_trained`` tells one whose gradient is taken from one that is only reported.
    """

    def __init__(self, name: str, *, is_trained: bool) -> None:
        qualname = "Loss" if is_trained else "ReportedLoss"
        super().__init__("", qualname, CallKind.LOSS, own_name=name)


class Gradient(PseudoOperation):
    """The gradient of a tensor, which code goes on computing with."""

    def __init__(self, method: str = "Gradient") -> None:
        super().__init__("", method, CallKind.OPERATION)

    def call(self, target: Any, sources: Any) -> Any:
        """Only tells what the arguments are."""


def class_name(function: str) -> str:
    """The name of Keras's class of operations for a function of `keras.ops`."""
    return function.title().replace("_", "")
