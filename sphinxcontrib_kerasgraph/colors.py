"""Colours as numbers: what a colour becomes as a ground, as text and by night, and if it is read.

A colour is ``#rrggbb``. The page by night is that of the style sheet.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PAPER, INK = "#ffffff", "#0f172a"
NIGHT_PAPER, NIGHT_INK = "#161b22", "#e6edf3"
#: How much of a kind's colour is in its grounds, and in its text.
TINT, TEXT = 0.1, 0.65
#: The contrast that text needs on its ground, and a coloured shape, as of WCAG.
_READ, _SEEN = 4.5, 3

_HEX = re.compile("#(?:[0-9a-f]{3}|[0-9a-f]{6})")
#: The part of WCAG's light of each channel, and where a channel is no longer dark.
_LIGHT = (0.2126, 0.7152, 0.0722)
_DARK = 0.04045
_STEPS = 20


def parsed(text: str) -> str | None:
    """``#rrggbb`` of that or ``#rgb``; ``None`` of anything else."""
    text = text.strip().lower()
    if not _HEX.fullmatch(text):
        return None
    return text if len(text) == 7 else "#" + "".join(one * 2 for one in text[1:])


def mixed(color: str, other: str, amount: float) -> str:
    """``amount``, from 0 to 1, of a colour in another."""
    channels = (
        round(one * amount + another * (1 - amount))
        for one, another in zip(_channels(color), _channels(other), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def tint(color: str) -> str:
    """The colour of a ground: so much of it mixed into paper that text stands out from it."""
    return mixed(color, PAPER, TINT)


def text(color: str) -> str:
    """The colour of text: so much of it mixed into ink that it stands out by 4.5:1 from grounds."""
    return mixed(color, INK, TEXT)


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted(map(_light, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def is_readable(color: str) -> bool:
    """Whether text in that colour is read on the ground that is made of it."""
    return contrast(text(color), tint(color)) >= _READ


@lru_cache(maxsize=256)
def readable(color: str) -> str:
    """The colour, as dark as it must be for its text to be read."""
    return _until(color, INK, is_readable)


@lru_cache(maxsize=256)
def by_night(color: str) -> str:
    """The colour, as light as it must be to be read, and seen, on a dark page."""

    def is_good(one: str) -> bool:
        ground, said = mixed(one, NIGHT_PAPER, TINT), mixed(one, NIGHT_INK, TEXT)
        return contrast(said, ground) >= _READ and contrast(one, ground) >= _SEEN

    return _until(color, NIGHT_INK, is_good)


def _until(color: str, other: str, is_good: Callable[[str], bool]) -> str:
    for step in range(_STEPS):
        found = mixed(other, color, step / _STEPS)
        if is_good(found):
            return found
    return other


def _light(color: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= _DARK else ((channel + 0.055) / 1.055) ** 2.4

    return sum(part * linear(one / 255) for part, one in zip(_LIGHT, _channels(color), strict=True))


def _channels(color: str) -> tuple[int, ...]:
    return tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))
