"""Tensors that hold others, such as the list behind a ``tf.TensorArray``, and what is in them."""

from __future__ import annotations

from typing import Any, NamedTuple

#: Operations that put a tensor into a list, and where it stands among their inputs.
_PUT = {"TensorListSetItem": 2, "TensorListPushBack": 1}


class Item(NamedTuple):
    """A tensor that is in a list."""

    tensor: Any
    #: At which place, if that is known.
    place: int | None = None


def put(op: Any, items: list[list[Item]], tf: Any) -> list[Item]:
    """What is in the list that an operation makes.

    ``items`` is what is in each of its inputs; a tensor of data has itself in it.
    """
    at = _PUT.get(op.type)
    if at is None:
        return list(dict.fromkeys(item for inside in items for item in inside))
    place = _place(op, tf) if op.type == "TensorListSetItem" else None
    kept = [item for item in items[0] if place is None or item.place != place]
    placed = [Item(item.tensor, place) for item in items[at]]
    # A place that data decides.
    others = [item for n, inside in enumerate(items) if n not in {0, at} for item in inside]
    return [*kept, *placed, *others]


def taken(op: Any, items: list[list[Item]], tf: Any) -> list[list[Item]]:
    """What an operation takes of each of its inputs."""
    place = _place(op, tf) if op.type == "TensorListGetItem" else None
    if place is None:
        return items
    return [[item for item in items[0] if item.place in {None, place}], *items[1:]]


def _place(op: Any, tf: Any) -> int | None:
    place = tf.get_static_value(op.inputs[1])
    return None if place is None else int(place)
