"""The words for what differs between two models, and what holds for any such words."""

from __future__ import annotations

import re

from sphinxcontrib_kerasgraph.compare import compared, in_words
from sphinxcontrib_kerasgraph.graph import ModelGraph


def words_of(old: ModelGraph, new: ModelGraph) -> list[str]:
    return in_words(compared(old, new).differences)


def told(said: list[str], *words: str) -> bool:
    """Whether one of the messages has all of these words."""
    return any(all(word in one for word in words) for one in said)


def check_ways(said: list[str]) -> None:
    """No message says that a tensor goes where another says that it doesn't."""
    gone = {found[1] for one in said if (found := re.fullmatch(r"no (.+) any more", one))}
    come = {found[1] for one in said if (found := re.fullmatch(r"a (.+)", one))}
    assert gone.isdisjoint(come)
