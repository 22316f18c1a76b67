"""How many bytes weights take, by their dtypes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinxcontrib_kerasgraph.graph.model import ModelGraph


class Bytes(int):
    """So many bytes: a number whose unit is known, so that it is told in larger ones."""


#: The bits of a dtype: ``float32``, ``float8_e4m3fn``.
_BITS = re.compile(r"[a-z]+(\d+)(_\w+)?")


def memory_of(graph: ModelGraph) -> dict[str, int] | None:
    """The bytes of all weights by dtype; ``None`` where the graph doesn't tell, or not of all."""
    return bytes_of(graph.dtypes) if sum(graph.dtypes.values()) == graph.parameters.total else None


def bytes_of(numbers: Mapping[str, int]) -> dict[str, int] | None:
    """The bytes of so many numbers of each dtype; ``None`` where one isn't known."""
    found = {}
    for dtype, number in numbers.items():
        bits = 8 if dtype == "bool" else _bits(dtype)
        if bits is None:
            return None
        found[dtype] = -(-number * bits // 8)
    return found


def _bits(dtype: str) -> int | None:
    match = _BITS.fullmatch(dtype)
    return match and int(match[1])
