"""Names of layers, shortened, and what those of a repetition have in common."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph.naming import known_as
from sphinxcontrib_kerasgraph.label.tree import Role, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Group

_LONGEST = 60


def shortened(name: str, longest: int = _LONGEST) -> str:
    """The name, cut if it is longer than so many characters."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def times_text(repeats: Sequence[int]) -> str:
    """``×3``; ``×3 … 36`` where it differs."""
    least, most = min(repeats), max(repeats)
    return f"×{least}" if least == most else f"×{least} … {most}"


def group_names(group: Group) -> str:
    """What is repeated, by the names of the layers of the first and of the last repetition."""
    first, last = _stem(group.copies[0]), _stem(group.copies[-1])
    if not first or not last or first == last:
        return shortened(first or last, 30)
    return f"{shortened(first, 24)} … {shortened(last, 24)}"


def output_names(calls: Sequence[Call]) -> list[Text]:
    """What the model calls the outputs that a call makes; nothing where it stands for several."""
    names = [name for name in calls[0].output_names if name] if len(calls) == 1 else []
    return [Text(f"→ {', '.join(map(shortened, names))}", Role.NOTE)] if names else []


def part_names(calls: Sequence[Call]) -> list[str]:
    """What a part is called in the places where it is, each once."""
    stems = (_stem(copy) for call in calls for copy in call.bodies)
    return [shortened(one, 24) for one in dict.fromkeys(stems) if one]


def _stem(graph: CallGraph) -> str:
    """What the names of the layers have in common; the first name if that is nothing."""
    names = [name for call in graph.flat() if (name := known_as(call))]
    if len(names) <= 1:
        return names[0] if names else ""
    letters = zip(*names, strict=False)
    common = "".join(ones[0] for ones in takewhile(lambda ones: len(set(ones)) == 1, letters))
    if common != min(names, key=len):
        # Up to the end of a part of the name.
        common = common[: max(map(common.rfind, "_/.-")) + 1]
    return common.rstrip("_/.-")
