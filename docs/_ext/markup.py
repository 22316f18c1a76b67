"""What is written in reStructuredText, in the markup of MyST."""

from __future__ import annotations

import re

_DIRECTIVE = re.compile(r"\.\. (?:\|(?P<name>[^|]+)\| )?(?P<type>[\w:-]+)::(?: (?P<argument>.*))?")
_OPTION = re.compile(r":(?P<name>[\w-]+):(?: (?P<value>.*))?")
_ROLE = re.compile(r":([\w:-]+):`([^`]+)`")
#: What YAML, in which MyST's options are, would take for something else than text.
_QUOTED = re.compile(r"""[*&!|>%@`{\["'].*|.*(: | #).*""")
_INDENT = "   "


def to_myst(text: str) -> str:
    """The same directives, paragraphs and titles in MyST, of those that our pages show."""
    return "\n".join(_blocks(text.split("\n"))[0]).strip("\n") + "\n"


def _blocks(lines: list[str]) -> tuple[list[str], int]:
    """The lines in MyST, and how many levels of directives are in them."""
    found: list[str] = []
    deepest = at = 0
    while at < len(lines):
        directive = _DIRECTIVE.fullmatch(lines[at])
        if directive is None:
            title = at + 1 < len(lines) and re.fullmatch(r"([=~-])\1{2,}", lines[at + 1])
            if title:
                found.append(f"{'#' * ('=-~'.index(title[1]) + 1)} {_inline(lines[at])}")
                at += 2
            else:
                found.append(_inline(lines[at]))
                at += 1
            continue
        end = at + 1
        while end < len(lines) and (not lines[end] or lines[end].startswith(_INDENT)):
            end += 1
        while not lines[end - 1]:
            end -= 1
        inside = [line.removeprefix(_INDENT) for line in lines[at + 1 : end]]
        fenced, levels = _fenced(directive, inside)
        found += fenced
        deepest = max(deepest, levels)
        at = end
    return found, deepest


def _fenced(directive: re.Match[str], inside: list[str]) -> tuple[list[str], int]:
    options = []
    while inside and (option := _OPTION.fullmatch(inside[0])):
        value = option["value"] or ""
        if _QUOTED.fullmatch(value):
            value = "'" + value.replace("'", "''") + "'"
        options.append(f":{option['name']}: {value}".rstrip())
        del inside[0]
    if directive["type"].endswith(("code-block", "toctree")):
        content, levels = inside, 0
    else:
        content, levels = _blocks(inside)
    fence = "`" * (3 + levels)
    head = f"{fence}{{{directive['type']}}} {directive['argument'] or ''}".rstrip()
    return [head, *options, *content, fence], levels + 1


def _inline(line: str) -> str:
    line = re.sub(r"``([^`]+)``", "\0\\1\0", line)
    return _ROLE.sub(r"{\1}`\2`", line).replace("\0", "`")
