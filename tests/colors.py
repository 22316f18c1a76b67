"""How colours are seen."""

from __future__ import annotations

import math

#: Linear RGB as seen with a colour vision deficiency of full severity (Machado et al. 2009).
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(color: str) -> list[float]:
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio."""
    weights = (0.2126, 0.7152, 0.0722)
    lights = sorted(
        math.sumprod(linear(c), weights)
        if hasattr(math, "sumprod")
        else sum(a * b for a, b in zip(linear(c), weights, strict=True))
        for c in (one, other)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def oklab(color: str, vision: str) -> list[float]:
    """The colour in OKLab, in which distances are as large as they look."""

    def times(matrix, vector):
        return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]

    seen = [min(1, max(0, c)) for c in times(VISIONS[vision], linear(color))]
    lms = times(
        (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        ),
        seen,
    )
    return times(
        (
            (0.2104542553, 0.7936177850, -0.0040720468),
            (1.9779984951, -2.4285922050, 0.4505937099),
            (0.0259040371, 0.7827717662, -0.8086757660),
        ),
        [math.cbrt(value) for value in lms],
    )


def mixed(color: str, other: str, amount: float) -> str:
    """So much of a colour in another one, from 0 to 1, as ``color-mix(in srgb)`` does it."""
    channels = (
        round(int(color[at : at + 2], 16) * amount + int(other[at : at + 2], 16) * (1 - amount))
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in channels)
