"""What is told of a run of added or removed calls: which blocks these are, and how many calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.wording import ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.compare.runs import Run
    from sphinxcontrib_kerasgraph.graph import Call

#: So many classes are told of calls in a row.
_ROW = 8


def name_text(run: Run) -> str:
    """The paths of the first and the last: of blocks, if names tell these, else of calls."""
    first, last = run.singles[0], run.singles[-1]
    if run.blocks:
        return first.path.removesuffix(first.call.id) + blocks_text(run)
    return f"{first.path} … {last.path}"


def blocks_text(run: Run) -> str:
    """The blocks that names tell apart, from the first to the last."""
    names = run.blocks
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def size_text(run: Run) -> str:
    """How many calls there are: how many blocks of them, or of which classes these are."""
    return _blocks(run) if run.blocks else _row(run)


def _blocks(run: Run) -> str:
    number, size = len(run.blocks), len(run.singles)
    if number > 1 and size % number == 0:
        calls = f"{number} × {_calls(size // number)}"
    else:
        calls = _calls(size)
    return f"{calls}, ×{run.before} → ×{run.after}" if run.before and run.after else calls


def _row(run: Run) -> str:
    found, times = _classes(run.calls)
    told = [f"{name} ×{number}" if number > 1 else name for name, number in found]
    said = " → ".join([*told[:_ROW], *("…" for _one in told[_ROW : _ROW + 1])])
    calls = _calls(len(run.singles) // times)
    return f"{times} × {calls} ({said})" if times > 1 else f"{calls} ({said})"


def _calls(number: int) -> str:
    return ngettext("{number} call", "{number} calls", number)


def _classes(calls: Sequence[Call]) -> tuple[list[tuple[str, int]], int]:
    """The classes of calls in a row and how often each, and how often the row is repeated.

    Calls of one class are no repetition.
    """
    names = [call.class_name for call in calls]
    if len({*names}) == 1:
        return [(names[0], len(names))], 1
    size = next(
        size
        for size in range(2, len(names) + 1)
        if len(names) % size == 0 and names[:size] * (len(names) // size) == names
    )
    found: list[tuple[str, int]] = []
    for name in names[:size]:
        if found and found[-1][0] == name:
            found[-1] = name, found[-1][1] + 1
        else:
            found.append((name, 1))
    return found, len(names) // size
