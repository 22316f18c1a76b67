"""Calls and edges as ``model.get_config()`` tells them: a source independent of the extension."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any


def calls_and_edges(model: Any) -> tuple[list[str], Counter[tuple[str, str]]]:
    """Ids of all calls, and how often each is connected to each other."""
    config = model.get_config()
    layers = config["layers"]
    if "input_layers" not in config:  # Sequential: a plain list
        names = [layer["config"]["name"] for layer in layers]
        return names, Counter(itertools.pairwise(names))
    calls, edges = [], Counter()
    for layer in layers:
        for number, node in enumerate(layer["inbound_nodes"] or [None]):
            target = _id(layer["name"], number)
            calls.append(target)
            for name, index, _ in _histories(node):
                edges[_id(name, index), target] += 1
    return calls, edges


def legacy_calls_and_edges(model: Any) -> tuple[list[str], Counter[tuple[str, str]]]:
    """As `calls_and_edges`, of a Functional model of Keras 2, whose configuration is another.

    There the first call of a model inside that has inputs of its own is the one with these.
    """
    layers = model.get_config()["layers"]
    names = {layer["name"]: int("InputLayer" in _classes_in(layer)) for layer in layers}
    calls, edges = [], Counter()
    for layer in layers:
        for number, node in enumerate(layer["inbound_nodes"] or [None]):
            target = _id(layer["name"], number)
            calls.append(target)
            for name, index, _ in _legacy_histories(node, names):
                edges[_id(name, index - names[name]), target] += 1
    return calls, edges


def _classes_in(layer: dict[str, Any]) -> list[str]:
    return [inner["class_name"] for inner in layer["config"].get("layers", ())]


def _legacy_histories(value: Any, names: dict[str, int]) -> list[tuple[str, int, int]]:
    match value:
        case [str(name), int(index), int(place), *others] if name in names:
            return [(name, index, place), *_legacy_histories(others, names)]
        case dict():
            return [found for item in value.values() for found in _legacy_histories(item, names)]
        case list() | tuple():
            return [found for item in value for found in _legacy_histories(item, names)]
    return []


def _id(name: str, number: int) -> str:
    return name if number == 0 else f"{name}#{number + 1}"


def _histories(value: Any) -> list[tuple[str, int, int]]:
    match value:
        case {"class_name": "__keras_tensor__", "config": config}:
            return [tuple(config["keras_history"])]  # type: ignore[list-item]  # three items
        case dict():
            return [found for item in value.values() for found in _histories(item)]
        case list() | tuple():
            return [found for item in value for found in _histories(item)]
    return []
