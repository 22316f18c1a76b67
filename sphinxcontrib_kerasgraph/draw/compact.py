"""What the boxes of an overview say: rows for the parts of a chain, signs where branches join."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, TypeAlias

from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.facts import merged_facts
from sphinxcontrib_kerasgraph.draw.label import shortened, text
from sphinxcontrib_kerasgraph.graph import BLOCK
from sphinxcontrib_kerasgraph.view.blocks import FOLD, Group, flat_calls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Tensor
    from sphinxcontrib_kerasgraph.options import DrawOptions

#: How a join of branches is written, by class.
_SIGNS = {"Add": "+", "Multiply": "×", "Subtract": "−"}
#: What is around the layers that a stack is made for.
_AROUND = {"normalization", "activation", "regularization", "reshape", "pooling"}
#: What stands beside the sign of a join.
_BESIDE_SIGN = {"normalization", "activation", "regularization"}
_SIZE = theme.COMPACT_FONT_SIZE

#: How often a layer is there (several numbers if that differs), and the calls that it stands for.
Row: TypeAlias = "tuple[tuple[int, ...], Sequence[Call]]"


def short_shape(tensor: Tensor) -> str:
    """The shape without the batch, as papers write it: ``56×56×256``."""
    sizes = tensor.shape[1:] if tensor.shape[:1] == (None,) else tensor.shape
    return "×".join("?" if size is None else str(size) for size in sizes) or "scalar"


def merged_shape(tensors: Sequence[Tensor]) -> str:
    """The shapes of the same tensor of several repetitions: ``56×56×64 … 7×7×512``."""
    shapes = list(dict.fromkeys(map(short_shape, tensors)))
    return shapes[0] if len(shapes) == 1 else f"{shapes[0]} … {shapes[-1]}"


def rows_of(calls: Sequence[Call]) -> list[Row]:
    """The rows of a box: how often each is there, and the calls that it stands for.

    ``calls`` are those at the same place of all repetitions around the box. The numbers are
    several if the repetitions differ.
    """
    first = calls[0]
    if not isinstance(first, Group):
        return [((1,), calls)]
    groups = [call for call in calls if isinstance(call, Group)]
    rows = []
    for at in range(len(first.copies[0].calls)):
        inner = [copy.calls[at] for group in groups for copy in group.copies]
        rows += rows_of(inner)
    if first.kind == FOLD:
        times = tuple(sorted({group.repeats for group in groups}))
        if len(rows) == 1:
            return [(times, rows[0][1])]
    return rows


def is_sign(calls: Sequence[Call], *, joins: bool) -> bool:
    """Whether a box is a sign where branches join, and what is applied to the result at once."""
    first = calls[0]
    if not joins or (isinstance(first, Group) and first.kind == FOLD):
        return False
    return all(row[1][0].kind in _BESIDE_SIGN for row in rows_of(calls)[1:])


def box_label(
    calls: Sequence[Call],
    options: DrawOptions,
    *,
    joins: bool,
    terminal: bool = False,
    ends: bool = False,
) -> str:
    """The label of a stack or of a single layer.

    ``joins`` if several edges lead to it, ``ends`` if what is repeated ends with it; then a sign
    tells the shape.
    """
    first = calls[0]
    rows = rows_of(calls)
    heading = ""
    if isinstance(first, Group) and first.kind == FOLD and len(rows) > 1:
        heading = times_text([call.repeats for call in calls if isinstance(call, Group)])
    if is_sign(calls, joins=joins):
        shape = merged_shape([call.outputs[0] for call in calls]) if ends else ""
        return _pill([row[1] for row in rows], shape, terminal=terminal)
    border = theme.TERMINAL_BORDER if terminal else theme.BORDER
    lines = "".join(_rows(rows, options))
    if heading:
        title = _soft(fold_names(first)) if isinstance(first, Group) else ""
        lines = (
            f'<tr><td bgcolor="{theme.ACCENT}" width="4"></td>'
            f'<td align="left">{_times(heading)} {title}</td></tr>{lines}'
        )
    return (
        f'<<table border="1" cellborder="0" cellspacing="0" cellpadding="1" color="{border}" '
        f'bgcolor="{theme.PAPER}">{lines}</table>>'
    )


def _rows(rows: Sequence[Row], options: DrawOptions) -> Iterator[str]:
    """The lines of a box. An activation stands beside a normalization."""
    at = 0
    while at < len(rows):
        times, calls = rows[at]
        call = calls[0]
        name = text(call.class_name)
        if at == 0 or call.kind not in _BESIDE_SIGN:
            name = f"<b>{name}</b>"
        if call.shared:
            name += f" {_soft('shared')}"
        fact = merged_facts(calls)
        facts = [_soft(fact)] if fact else []
        if times != (1,):
            facts.append(_times(times_text(times)))
        following = rows[at + 1 : at + 2]
        beside = bool(following) and following[0][1][0].kind == "activation"
        if beside and call.kind == "normalization" and not facts:
            name += f"  {_colored(following[0][1])}"
            at += 1
        if options.show_shapes and call.outputs:
            facts.append(_soft(merged_shape([one.outputs[0] for one in calls])))
        line = "  ".join((_sized(name), *facts))
        yield (
            f'<tr><td bgcolor="{theme.KINDS[call.kind]}" width="4"></td>'
            f'<td align="left">{line}{_sized(" ")}</td></tr>'
        )
        at += 1


def _colored(calls: Sequence[Call]) -> str:
    """An activation, or the like, in a word or two of its colour."""
    call = calls[0]
    words = [merged_facts(calls)]
    if call.class_name != "Activation" or not words[0]:
        words.insert(0, call.class_name)
    return _sized(f'<font color="{theme.KINDS[call.kind]}">{text(" ".join(words).strip())}</font>')


def _pill(rows: Sequence[Sequence[Call]], shape: str, *, terminal: bool) -> str:
    """A join of branches in one line: its sign, and what is applied to the result."""
    join = rows[0][0]
    sign = _SIGNS.get(join.class_name)
    color = theme.KINDS[join.kind]
    fact = merged_facts(rows[0])
    cells = f"<td>{_sized(f'<b>{sign or text(join.class_name)}</b>')}</td>"
    if fact:
        cells += f"<td>{_soft(fact)}</td>"
    for calls in rows[1:]:
        cells += f"<td>{_colored(calls)}</td>"
    if shape:
        cells += f"<td>{_soft(shape)}</td>"
    border = theme.TERMINAL_BORDER if terminal else color
    return (
        f'<<table border="1" style="rounded" cellborder="0" cellspacing="0" cellpadding="2" '
        f'color="{border}" bgcolor="{theme.tint(color)}"><tr>{cells}</tr></table>>'
    )


def source_label(calls: Sequence[Call], times: str, *, terminal: bool) -> str:
    """The label of an input or constant: its name and value or shape; ``times`` how often it is."""
    call = calls[0]
    shape = merged_shape([one.outputs[0] for one in calls]) if call.outputs else ""
    name = f"<b>{text(shortened(call.name or call.class_name))}</b>"
    parts = [_sized(name), _soft(merged_facts(calls) or shape)]
    if times:
        parts.append(_times(times))
    return _rounded(" ".join(parts), terminal=terminal)


def stub_label(call: Call) -> str:
    """The label of what stands for a call beyond the part that is shown."""
    tensor = (*call.inputs, *call.outputs)[0]
    return _rounded(
        f"{_soft('…')} {_soft(shortened(call.name))} {_soft(short_shape(tensor))}", dashed=True
    )


def _rounded(inside: str, *, terminal: bool = False, dashed: bool = False) -> str:
    border = theme.TERMINAL_BORDER if terminal else theme.BORDER
    style = "rounded,dashed" if dashed else "rounded"
    return (
        f'<<table border="1" style="{style}" cellborder="0" cellspacing="0" cellpadding="3" '
        f'color="{border}" bgcolor="{theme.tint(theme.KINDS["input"])}"><tr><td>{inside}</td></tr>'
        "</table>>"
    )


def entry_label(groups: Sequence[Group], index: int, *, numbered: bool) -> str:
    """What stands at the top of a fold's frame: how often, which layers, and the shape.

    ``numbered`` if there are several entries that numbers tell apart, as at `exit_label`.
    """
    group = groups[0]
    shapes = [one.inputs[index] for one in groups if index < len(one.inputs)]
    shape = _soft(merged_shape(shapes)) if shapes else ""
    if numbered:
        shape = f"{_soft(str(index + 1))}  {shape}"
    if group.letter:
        mark = _times(group.letter) if not index else ""
        return _plain([f"{mark} {_soft(str(index + 1))}  {shape}"])
    if index:
        back = _delay(group, index)
        return _plain([_soft(f"{back} before") if back > 1 else shape])
    times = _times(times_text([one.repeats for one in groups]))
    names = fold_names(group)
    return _plain([f"{times}  {_soft(names)}", shape] if names else [f"{times}  {shape}"])


def part_label(groups: Sequence[Group]) -> str:
    """What stands for a part that is drawn apart: its letter, and what is so here.

    That is the shape that it makes, if it is one; for a stack the fact of its first layer.

    Its inputs have the numbers that they have there, each at a port of the box: ``in0``, ``in1``.
    """
    group = groups[0]
    number = len(group.inputs)
    shapes = {short_shape(one.outputs[0]) for one in groups}
    told = _soft(shapes.pop()) if len(shapes) == 1 else ""
    inside = [copy.calls for one in groups for copy in one.copies]
    if len(inside[0]) == 1:  # a stack, which differs from place to place
        rows = rows_of([calls[0] for calls in inside])
        facts = [merged_facts(row) for _, row in rows if row[0].kind not in _AROUND]
        told = _soft(next(filter(None, facts), ""))
    ports = "".join(f'<td port="in{index}">{_soft(str(index + 1))}</td>' for index in range(number))
    inputs = f"<tr>{ports}</tr>" if number > 1 else ""
    return (
        f'<<table border="1" cellborder="0" cellspacing="0" cellpadding="2" '
        f'color="{theme.ACCENT}" bgcolor="{theme.PAPER}">{inputs}'
        f'<tr><td colspan="{max(number, 1)}">{_times(group.letter)}  {told}</td></tr></table>>'
    )


def exit_label(groups: Sequence[Group], index: int, *, numbered: bool) -> str:
    """The shape at the lower end of a fold's frame, and as which input it is handed on."""
    shape = _soft(merged_shape([group.outputs[index] for group in groups]))
    if numbered and index in groups[0].carried:
        shape = f"{_soft(str(groups[0].carried.index(index) + 1))}  {shape}"
    return _plain([shape])


def note_label(notes: Sequence[str]) -> str:
    """What the drawing leaves out."""
    return _plain([_soft(note) for note in notes])


def _plain(lines: Sequence[str]) -> str:
    rows = "".join(f"<tr><td>{line}</td></tr>" for line in lines)
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="0">{rows}</table>>'


def _delay(group: Group, index: int) -> int:
    """How many repetitions ago the input was made."""
    delay = 1
    output = group.carried[index]
    while output is not None and group.copies[0].outputs[output].call == BLOCK:
        output = group.carried[group.copies[0].outputs[output].index]
        delay += 1
    return delay


def times_text(repeats: Sequence[int]) -> str:
    """``×3``; ``×3 … 36`` where it differs."""
    least, most = min(repeats), max(repeats)
    return f"×{least}" if least == most else f"×{least} … {most}"


def fold_names(group: Group) -> str:
    """What is repeated, by the names of the layers of the first and of the last repetition."""
    first, last = _stem(group.copies[0]), _stem(group.copies[-1])
    if not first or not last or first == last:
        return shortened(first or last, 30)
    return f"{shortened(first, 24)} … {shortened(last, 24)}"


def _stem(graph: CallGraph) -> str:
    """What the names of the layers have in common; the first name if that is nothing."""
    names = [call.name for call in flat_calls(graph) if call.name]
    if len(names) <= 1:
        return names[0] if names else ""
    letters = zip(*names, strict=False)
    common = "".join(ones[0] for ones in takewhile(lambda ones: len(set(ones)) == 1, letters))
    if common != min(names, key=len):
        # Up to the end of a part of the name.
        common = common[: max(map(common.rfind, "_/.-")) + 1]
    return common.rstrip("_/.-")


def _sized(inside: str) -> str:
    return f'<font point-size="{_SIZE}">{inside}</font>'


def _soft(value: str) -> str:
    if not value:  # which dot takes for a syntax error
        return ""
    return f'<font point-size="{_SIZE}" color="{theme.SOFT_INK}">{text(value)}</font>'


def _times(value: str) -> str:
    return f'<font point-size="{_SIZE}" color="{theme.ACCENT}"><b>{text(value)}</b></font>'
