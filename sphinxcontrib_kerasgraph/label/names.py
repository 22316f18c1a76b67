"""Names of layers, shortened, and what those of a repetition have in common."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import GroupKind
from sphinxcontrib_kerasgraph.graph.naming import known_as, own_name
from sphinxcontrib_kerasgraph.label.alike import places_of
from sphinxcontrib_kerasgraph.label.in_order import in_order
from sphinxcontrib_kerasgraph.label.tree import Role, Text, shortened
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph

#: The names of all that stands side by side are told in so many characters.
_LONGEST_LIST = 32


def times_text(calls: Sequence[Call]) -> str:
    """How often what is in these groups is there: ``×3``; ``×2, 6, 3`` where it differs.

    ``8 side by side`` where that isn't in a row.
    """
    numbers = [str(len(call.bodies)) for call in calls]
    told = in_order(numbers, places_of(calls), counted=False)
    is_beside = calls[0].is_group(GroupKind.BESIDE)
    return _("{number} side by side", number=told) if is_beside else f"×{told}"


def group_names(calls: Sequence[Call]) -> str:
    """What is repeated in these groups: the layers of the first and of the last repetition.

    Of few side by side, the layers of each.
    """
    stems = [_stem(body) for call in calls for body in call.bodies]
    if calls[0].is_group(GroupKind.BESIDE) and all(stems):
        each = ", ".join(stems)
        if len(set(stems)) == len(stems) and len(each) <= _LONGEST_LIST:
            return each
    first, last = stems[0], stems[-1]
    if not first or not last or first == last:
        return shortened(first or last, 30)
    return f"{shortened(first, 24)} … {shortened(last, 24)}"


def output_names(calls: Sequence[Call], *, by_layer: bool = False) -> list[Text]:
    """What the model calls the outputs that a call makes; nothing where it stands for several.

    ``by_layer`` if it knows them by the names of layers, which are told unless Keras made them.
    """
    if len(calls) > 1:
        return []
    names = [name for name in calls[0].output_names if name]
    if by_layer and not names:
        names = [name for name in [own_name(calls[0])] if name]
    return [Text(f"→ {', '.join(map(shortened, names))}", Role.NOTE)] if names else []


def part_names(calls: Sequence[Call]) -> list[str]:
    """What a part is called in the places where it is, each once."""
    stems = (_stem(copy) for call in calls for copy in call.bodies)
    return [shortened(one, 24) for one in dict.fromkeys(stems) if one]


def _stem(graph: CallGraph) -> str:
    """What the names of the layers have in common; the first name if that is nothing.

    Names that Keras made of layers' classes say nothing; of a block's they do.
    """
    calls = list(graph.flat())
    if all(call.body is None and not call.inside and not own_name(call) for call in calls):
        return ""
    names = [name for call in calls if (name := known_as(call))]
    if len(names) <= 1:
        return names[0] if names else ""
    letters = zip(*names, strict=False)
    common = "".join(ones[0] for ones in takewhile(lambda ones: len(set(ones)) == 1, letters))
    if common != min(names, key=len):
        # Up to the end of a part of the name.
        common = common[: max(map(common.rfind, "_/.-")) + 1]
    return common.rstrip("_/.-")
