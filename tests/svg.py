"""Boxes and edges of a drawn SVG, read by an XML parser."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


def _groups(svg: str | bytes, of_class: str) -> list[str]:
    root = ET.fromstring(svg)
    return [
        group.findtext(f"{SVG}title", "")
        for group in root.iter(f"{SVG}g")
        if group.get("class") == of_class
    ]


def words(picture: str) -> str:
    """All that is written, in one line."""
    return " ".join(" ".join(texts(picture)).split())


def boxes(svg: str | bytes) -> list[str]:
    """The names of the boxes (paths of calls)."""
    return _groups(svg, "node")


def frames(svg: str | bytes) -> list[str]:
    """The names of the frames (paths of open blocks)."""
    return [title.removeprefix("cluster_") for title in _groups(svg, "cluster")]


def edges(svg: str | bytes) -> Counter[tuple[str, str]]:
    """How often each box is connected to each other: one line may stand for several."""
    found: Counter[tuple[str, str]] = Counter()
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        if group.get("class") == "edge":
            ends = group.findtext(f"{SVG}title", "").split("->")
            source, target = (end.partition(":")[0] for end in ends)  # without the side of the box
            said = "".join(text.text or "" for text in group.iter(f"{SVG}text"))
            found[source, target] += int(said.strip("×al ") or 1)
    return found


def texts(svg: str | bytes) -> list[str]:
    """All that is written in the drawing."""
    root = ET.fromstring(svg)
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]
