"""What a whole model amounts to: numbers of weights, their size in memory, operations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph.memory import memory_of
from sphinxcontrib_kerasgraph.label.details import amount_text
from sphinxcontrib_kerasgraph.view.flops.totals import model_flops
from sphinxcontrib_kerasgraph.wording import _, count, numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinxcontrib_kerasgraph.graph import Amount, ModelGraph, Parameters

#: As Keras names them, each 1,024 of the one before.
_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")
_STEP = 1024


@dataclass(frozen=True)
class Totals:
    """The totals of a model, of which a table may show a part."""

    parameters: Parameters
    #: Bytes of the weights by dtype; ``None`` where that isn't known.
    memory: Mapping[str, int] | None
    #: Of one example, or of the batch where its size is fixed.
    flops: Amount

    @classmethod
    def of(cls, graph: ModelGraph) -> Totals:
        """Those of the whole graph."""
        return cls(graph.parameters, memory_of(graph), model_flops(graph))

    def lines(self) -> list[tuple[str, str]]:
        """Each by what it is."""
        total, trainable = self.parameters.total, self.parameters.trainable
        found = [
            (_("Parameters"), count(total)),
            (_("Trainable"), count(trainable)),
            (_("Not trainable"), count(total - trainable)),
        ]
        if self.memory:
            size = size_text(sum(self.memory.values()))
            each = [
                _("{size} of {dtype}", size=size_text(number), dtype=dtype)
                for dtype, number in self.memory.items()
            ]
            dtypes = ", ".join(each if len(each) > 1 else self.memory)
            found.append((_("Size in memory"), f"{size} ({dtypes})"))
        found.append((_("FLOPs"), amount_text(self.flops)))
        return found


def size_text(size: float) -> str:
    """Bytes as Keras's summary tells them: ``97.80 MB``."""
    power = 0
    while size >= _STEP and power < len(_UNITS) - 1:
        size /= _STEP
        power += 1
    return f"{numbers(f'{size:.2f}')} {_UNITS[power]}"
