"""Whether what ``dot`` wrote is what it was asked for, and whole: its exit code may be 0 if not.

A graph's name tells its drawing from those of others: see `draw.dot`.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_PNG = b"\x89PNG\r\n\x1a\n"
#: Where the trailer of a PDF is.
_TAIL = 1024
_NAME = re.compile(r'\s*(?:strict\s+)?digraph\s+"((?:[^"\\]|\\.)+)"\s*\{')
_SVG = "http://www.w3.org/2000/svg svg"
#: What Graphviz never writes, and browsers run or fetch.
_SCRIPT = re.compile("javascript:|vbscript:|data:")
_ACTIVE = frozenset({"script", "foreignObject", "iframe", "object", "embed", "handler"})


def check(form: str, content: bytes, code: str, boxes: Collection[str] = ()) -> None:
    """Raise `ValueError`, which tells what it did, if the content isn't the graph in that form.

    That is ``svg``, which has to have these ``boxes``, ``png``, ``pdf`` or ``cmapx``; the ``code``
    is DOT. See `draw.placed` for layouts.
    """
    if not content.strip():
        raise ValueError(f"wrote no {form}")
    if form == "svg":
        _check_svg(content, code, boxes)
    else:
        _CHECKS[form](content, code)


def _check_svg(content: bytes, code: str, boxes: Collection[str]) -> None:
    titles: list[str] = []
    open_: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if not open_ and name != _SVG:
            raise ValueError(f"wrote no SVG, but XML that is {local!r}")
        if local in _ACTIVE:
            raise ValueError(f"wrote an SVG with {local!r} in it")
        _check_attributes("an SVG", attributes)
        open_.append(local)
        if local == "title":
            titles.append("")

    def text(said: str) -> None:
        if open_[-1] == "title":
            titles[-1] += said

    def end(_name: str) -> None:
        open_.pop()

    _parse(content, "SVG", start, text, end)
    if not titles:
        raise ValueError("wrote an SVG without a graph")
    _check_name(titles[0], code)
    lacking = sorted(set(boxes).difference(titles))
    if lacking:
        raise ValueError(f"its SVG has no {lacking[0]!r}")


def _check_attributes(what: str, attributes: dict[str, str]) -> None:
    for key, value in attributes.items():
        name = _local(key).lower()
        runs = name == "href" and _SCRIPT.match("".join(value.split()).lower())
        if name.startswith("on") or runs:
            raise ValueError(f"wrote {what} with a script in {name!r}")


def _check_map(content: bytes, code: str) -> None:
    names: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name not in {"map", "area"}:
            raise ValueError(f"wrote a map with {name!r} in it")
        _check_attributes("a map", attributes)
        names.append(attributes.get("name", attributes.get("id", "")))

    _parse(content, "map", start)
    _check_name(names[0], code)


def _parse(
    content: bytes,
    what: str,
    start: Callable[[str, dict[str, str]], None],
    text: Callable[[str], None] | None = None,
    end: Callable[[str], None] | None = None,
) -> None:
    def entity(*_: object) -> None:
        raise ValueError(f"declares entities in its {what}")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.EntityDeclHandler = entity
    parser.StartElementHandler = start
    if text is not None:
        parser.CharacterDataHandler = text
    if end is not None:
        parser.EndElementHandler = end
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError(f"the {what} that it wrote isn't whole: {error}") from error


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _check_png(content: bytes, _code: str) -> None:
    if not content.startswith(_PNG):
        raise ValueError("wrote no PNG")
    kinds = []
    at = len(_PNG)
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        chunk = content[at + 4 : at + 8 + size]
        told = content[at + 8 + size : at + 12 + size]
        if len(told) != 4 or zlib.crc32(chunk) != int.from_bytes(told, "big"):
            raise ValueError("the PNG that it wrote isn't whole")
        kinds.append(chunk[:4])
        at += 12 + size
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"]:
        raise ValueError("the PNG that it wrote isn't whole")


def _check_pdf(content: bytes, _code: str) -> None:
    if not content.startswith(b"%PDF-"):
        raise ValueError("wrote no PDF")
    tail = content[-_TAIL:]
    if b"startxref" not in tail or not tail.rstrip().endswith(b"%%EOF"):
        raise ValueError("the PDF that it wrote isn't whole")


def _check_name(found: str, code: str) -> None:
    asked = _NAME.match(code)
    if asked and found != asked[1].replace('\\"', '"'):
        raise ValueError(f"drew another graph, {found!r}")


_CHECKS: dict[str, Callable[[bytes, str], None]] = {
    "png": _check_png,
    "pdf": _check_pdf,
    "cmapx": _check_map,
}
