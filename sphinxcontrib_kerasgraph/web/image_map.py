"""The map of a bitmap: where the boxes are, what is told of them, and where they lead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Between quotes is neither ``<`` nor a quote: Graphviz escapes them.
_AREA = re.compile(r"<area [^<]*/>")
_ID = re.compile(r' id="[^"]*"')
_TITLE = re.compile(r' title="([^"]*)" alt=""')
_LINK = re.compile(r' href="kerasgraph:([^"]*)"(?= title=)')
_COORDS = re.compile(r' coords="([^"]*)"(?=/>)')


@dataclass(frozen=True)
class ImageMap:
    """A map as it is written on a page."""

    #: Unique on the page, where an image may be twice.
    name: str
    #: Where classes are documented.
    links: Mapping[str, str]
    #: How much larger the image is shown than it is.
    scale: float = 1
    #: Whether areas are left out that but tell: in EPUB they aren't valid.
    links_alone: bool = False

    def written(self, image_map: str) -> str:
        """The map that Graphviz wrote, with addresses in place of classes; empty without areas."""
        areas = [self._area(area) for area in _AREA.findall(image_map)]
        if self.links_alone:
            areas = [area for area in areas if _is_linked(area)]
        if not areas:
            return ""
        name = escape(self.name)
        return "\n".join([f'<map id="{name}" name="{name}">', *areas, "</map>\n"])

    def _area(self, area: str) -> str:
        area = _LINK.sub(self._linked, _ID.sub("", area))
        # What is told where the pointer is, is also told in words.
        area = _TITLE.sub(r' title="\1" alt="\1"', area)
        return area if self.scale == 1 else _COORDS.sub(self._scaled, area)

    def _linked(self, found: re.Match[str]) -> str:
        url = self.links.get(unquote(unescape(found[1])))
        return f' href="{escape(url)}"' if url else ""

    def _scaled(self, found: re.Match[str]) -> str:
        numbers = (str(round(int(number) * self.scale)) for number in found[1].split(","))
        return f' coords="{",".join(numbers)}"'


def _is_linked(area: str) -> bool:
    return re.search(r' href="[^"]*" title=', area) is not None
