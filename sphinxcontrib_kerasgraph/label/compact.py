"""What the boxes of an overview say: rows for the parts of a chain, signs where branches join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, FOLLOWERS, CallKind, GroupKind, Marks
from sphinxcontrib_kerasgraph.graph.naming import own_name
from sphinxcontrib_kerasgraph.label.alike import alike_inside
from sphinxcontrib_kerasgraph.label.changed_details import detail_texts
from sphinxcontrib_kerasgraph.label.changes import (
    befores,
    fact_texts,
    frame_highlight,
    is_changed,
    renamed,
    was_and_is,
)
from sphinxcontrib_kerasgraph.label.details import differing
from sphinxcontrib_kerasgraph.label.facts import key_fact, merged_facts
from sphinxcontrib_kerasgraph.label.names import (
    group_names,
    output_names,
    part_names,
    times_text,
)
from sphinxcontrib_kerasgraph.label.rows import Layers, beside_text, layers_of, rows
from sphinxcontrib_kerasgraph.label.shapes import (
    first_outputs,
    known_shape,
    merged_shape,
    short_shape,
)
from sphinxcontrib_kerasgraph.label.spot import ANYWHERE
from sphinxcontrib_kerasgraph.label.tree import (
    Cell,
    Form,
    Label,
    Line,
    Role,
    Row,
    Text,
    cell,
    change_sign,
    plain,
    row,
    shortened,
)
from sphinxcontrib_kerasgraph.wording import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, Group
    from sphinxcontrib_kerasgraph.label.spot import Spot
    from sphinxcontrib_kerasgraph.options import LabelOptions

#: How a join of branches is written, by class.
_SIGNS = {"Add": "+", "Multiply": "×", "Subtract": "−"}
#: What is around the layers that a stack is made for.
_AROUND = FOLLOWERS | {CallKind.RESHAPE, CallKind.POOLING}

#: All names of inputs are told in so many characters, or else the first and the last.
_LONGEST_LIST = 56
#: Of a part with more names none is told at its places.
_MOST_NAMES = 3


def is_sign(calls: Sequence[Call], *, joins: bool) -> bool:
    """Whether a box is a sign where branches join, and what is applied to the result at once.

    Layers and operations that merge are, and no others, whatever they take.
    """
    if not joins or calls[0].is_group(GroupKind.FOLD, GroupKind.BESIDE):
        return False
    join, *after = layers_of(calls)
    if join.calls[0].kind is not CallKind.MERGE:
        return False
    return all(one.calls[0].kind in FOLLOWERS for one in after)


def stack_label(calls: Sequence[Call], options: LabelOptions, spot: Spot = ANYWHERE) -> Label:
    """The label of a stack or of a single layer."""
    group = calls[0].group
    layers = layers_of(calls)
    marks = Marks.of_all(call.marks for one in layers for call in one.calls)
    kind = layers[0].calls[0].shown_kind
    if is_sign(calls, joins=spot.joins):
        shape = known_shape(first_outputs(calls)) if spot.ends else ""
        inside = _sign(layers, options, spot, shape)
        return Label(Form.SIGN, (inside,), kind, spot.terminal, marks)
    told = list(rows(layers, options, spot))
    if group is not None and (
        group.kind is GroupKind.BESIDE or (group.kind is GroupKind.FOLD and len(layers) > 1)
    ):
        times = Text(times_text(calls), Role.TIMES)
        named = Text(_names(calls, options), Role.NAME, gap=1)
        told.insert(0, Row((cell(times, named),), is_heading=True))
    return Label(Form.STACK, tuple(told), calls[0].shown_kind, spot.terminal, marks)


def _names(calls: Sequence[Call], options: LabelOptions) -> str:
    return group_names(calls) if options.show_layer_names else ""


def _sign(layers: Sequence[Layers], options: LabelOptions, spot: Spot, shape: str) -> Row:
    """A join of branches in one line: its sign, and what is applied to the result."""
    calls = layers[0].calls
    join = calls[0]
    signs = [change_sign(Marks.of_all(call.marks for call in one.calls)) for one in layers]
    was, now = befores(calls)[0].class_name, join.class_name
    if not signs[0]:  # beside which another sign couldn't be told from it
        was, now = _SIGNS.get(was, was), _SIGNS.get(now, now)
    cells = [*signs[0], *was_and_is([was], [now], Role.CLASS)]
    cells += [*fact_texts(calls), *detail_texts(calls, options)]
    before = signs[0]
    for sign, one in zip(signs[1:], layers[1:], strict=True):
        # What is of one kind of change has one sign.
        cells += [*(sign if sign != before else ()), *_applied(one, spot)]
        cells += detail_texts(one.calls, options)
        before = sign
    if shape:
        cells.append(Text(shape, Role.FACT))
    cells += output_names(layers[-1].calls, by_layer=spot.is_output)
    return Row(tuple(map(cell, cells)))


def _applied(layers: Layers, spot: Spot) -> list[Text]:
    """What is applied to the result of a join, in a word or two."""
    now = beside_text(layers, dense=spot.dense)
    if layers.known_as or not is_changed(layers.calls):
        return [now]
    was = beside_text(Layers(befores(layers.calls)), dense=spot.dense)
    return was_and_is([was.value], [now.value], Role.BESIDE, kind=now.kind)


def _told(facts: Sequence[str]) -> list[Text]:
    return [Text(fact, Role.FACT) for fact in facts]


def source_label(
    calls: Sequence[Call], options: LabelOptions, times: str, *, terminal: bool
) -> Label:
    """The label of what takes nothing: its name and value or shape; ``times`` how often it is."""
    marks = Marks.of_all(one.marks for one in calls)
    names = (_source_name(one[0], options) for one in (befores(calls), calls))
    said = [*change_sign(marks), *renamed(*names)]
    said += was_and_is([_source_fact(befores(calls))], [_source_fact(calls)], Role.FACT, gap=1)
    if times:
        said.append(Text(times, Role.TIMES, gap=1))
    said += detail_texts(calls, options)
    kind = calls[0].shown_kind if marks.style else CallKind.INPUT
    return Label(Form.SOURCE, (row(*said),), kind, terminal, marks)


def _source_fact(calls: Sequence[Call]) -> str:
    """The value, or the shape, of what takes nothing."""
    made = first_outputs(calls)
    shape = merged_shape(made) if made and known_shape(made) else ""
    return merged_facts(calls) or shape


def inputs_label(calls: Sequence[Call], options: LabelOptions) -> Label:
    """The label of inputs of one kind: their names, how many they are, and the shape of each."""
    names = [shortened(call.name) for call in calls] if options.show_layer_names else []
    listed = ", ".join(names)
    if len(listed) > _LONGEST_LIST:
        listed = f"{names[0]} … {names[-1]}"
    marks = Marks.of_all(call.marks for call in calls)
    was, now = (
        f"{len(calls)} × {short_shape(one[0].outputs[0])}" for one in (befores(calls), calls)
    )
    name = Text(listed or calls[0].class_name, Role.CLASS)
    said = row(*change_sign(marks), name, *was_and_is([was], [now], Role.FACT, gap=1))
    kind = calls[0].shown_kind if marks.style else CallKind.INPUT
    return Label(Form.SOURCE, (said,), kind, terminal=True, marks=marks)


def _source_name(call: Call, options: LabelOptions) -> Line:
    """Inputs are known by their names; of a weight or constant it is told what it is, too."""
    name = shortened(call.name) if options.show_layer_names else ""
    if call.kind not in {CallKind.CONSTANT, CallKind.WEIGHT}:
        named = name and own_name(call)
        return (Text(name if named else call.class_name, Role.CLASS),)
    what = Text(call.class_name, Role.CLASS)
    # A constant that isn't called anything has its id for a name.
    if not name or (call.kind is CallKind.CONSTANT and call.name == call.id):
        return (what,)
    return what, Text(name, Role.NAME, gap=1)


def stub_label(call: Call, options: LabelOptions) -> Label:
    """The label of what stands for a call beyond the part that is shown."""
    name = call.name if options.show_layer_names else call.class_name
    tensor = (*call.inputs, *call.outputs)[0]
    said = row(
        Text("…", Role.FACT),
        Text(shortened(name), Role.NAME, gap=1),
        Text(short_shape(tensor), Role.FACT, gap=1),
    )
    return Label(Form.STUB, (said,), CallKind.INPUT)


def context_label(call: Call) -> Label:
    """The label of what stands for calls that are far from any change."""
    said = ngettext("{number} call unchanged", "{number} calls unchanged", call.inside)
    return Label(
        Form.STUB,
        (row(Text("…", Role.FACT), Text(said, Role.NAME, gap=1)),),
        CallKind.INPUT,
        marks=Marks(highlighted=call.marks.highlighted),
    )


def entry_label(
    calls: Sequence[Call],
    index: int,
    options: LabelOptions,
    known_as: str = "",
    blocks: Sequence[Call] = (),
) -> Label:
    """What stands at the top of the frame around a group: how often, which layers, and the shape.

    ``known_as`` tells it from other entries: a number, as at `exit_label`, or the name of an input
    of a part, see `part_inputs`. ``blocks`` are what is repeated if these have no frames of their
    own.
    """
    group = _group(calls[0])
    taken = [
        call.inputs[at]
        for call in calls
        for at in _group(call).inputs_of(index)
        if at < len(call.inputs)
    ]
    known = known_shape(taken) if taken else ""
    shape: Line = (Text(known, Role.FACT),) if known else ()
    if known_as and not group.letter:
        shape = (Text(known_as, Role.FACT), *(shape or _EMPTY))
    if group.letter:
        if known_as:
            return plain([(Text(known_as, Role.TIMES), *(shape or _EMPTY))])
        letter = Text(group.letter, Role.TIMES)
        called = _part_names(calls, options)
        if called:
            told = ", ".join(called) if len(called) < 3 else f"{called[0]} … {called[-1]}"
            return plain([(letter, Text(told, Role.NAME)), shape or _EMPTY])
        return plain([(letter, *(shape or _EMPTY))])
    if index:
        back = _delay(group, index)
        return plain(
            [(Text(_("{number} before", number=str(back)), Role.FACT),) if back > 1 else shape]
        )
    marks = Marks.of_all(call.marks for call in calls)
    sign = change_sign(marks) if marks.is_alone and not blocks else ()
    sign = (*sign, *frame_highlight(calls[0]))
    title = [*sign, Text(times_text(calls), Role.TIMES)]
    if blocks:
        title += change_sign(Marks.of_all(block.marks for block in blocks))
        title += [Text(blocks[0].class_name, Role.CLASS)]
    if names := _names(calls, options):
        title.append(Text(names, Role.NAME, gap=1 if group.kind is GroupKind.BESIDE else 2))
    title += _told([one.alone() for one in differing(blocks, options)])
    if group.kind is GroupKind.BESIDE:
        return plain([title])
    lacking = (
        [[Text(_("the last without {what}", what=_lacking(group)), Role.NOTE)]]
        if group.lacking
        else []
    )
    if len(title) == 1 + len(sign):
        return plain([(*title, *(shape or _EMPTY)), *lacking])
    return plain([title, *lacking, shape] if shape else [title, *lacking])


def _lacking(group: Group) -> str:
    """What the last repetition hasn't."""
    calls = [call for call in group.copies[-1].flat() if call.id in group.lacking]
    told = [f"{_SIGNS.get(call.class_name, call.class_name)} {key_fact(call)}" for call in calls]
    return ", ".join(map(str.strip, told)) or (
        ngettext("{number} call", "{number} calls", len(group.lacking))
    )


_EMPTY: Line = (Text("", Role.FACT),)


def part_label(
    calls: Sequence[Call],
    options: LabelOptions,
    everywhere: Sequence[Call] = (),
    names_of_inputs: Sequence[str] = (),
) -> Label:
    """What stands for a part that is drawn apart: its letter, and what is so here.

    That is the shape that it makes, if it is one; for what makes the shape that it takes, and for
    a stack, that by which it differs from others: ``everywhere`` are all places of the part. The
    name that it has here is told if there are but a few.
    Its inputs have the names that they have there, in cells of their own.
    """
    number = len(calls[0].inputs)
    shapes = {known_shape(first_outputs([call])) for call in calls}
    told = shapes.pop() if len(shapes) == 1 else ""
    body = calls[0].bodies[0]
    is_stack = len(body.calls) == 1
    if is_stack or (number == 1 and all(call.inputs == call.outputs for call in calls)):
        facts = _facts_inside(calls)
        differ = list(_differing_facts(facts, _facts_inside([*everywhere, *calls])))
        told = next(iter([*differ, *facts]), "") if is_stack else " · ".join(differ) or told
    inputs = Row(
        tuple(
            Cell(((Text(name, Role.TIMES),),), input=at) for at, name in enumerate(names_of_inputs)
        )
    )
    marks = Marks.of_all(call.marks for call in calls)
    said = [*change_sign(marks), Text(_group(calls[0]).letter, Role.TIMES)]
    names = _part_names(calls, options)
    if len(names) == 1 < len(_part_names(everywhere, options)) <= _MOST_NAMES:
        said.append(Text(names[0], Role.NAME))
    letter = row(*said, Text(told, Role.FACT))
    rows = (inputs, letter) if number > 1 else (letter,)
    return Label(Form.PART, rows, CallKind.GROUP, marks=marks)


def _facts_inside(calls: Sequence[Call]) -> list[str]:
    """Those of the layers that a part is made for."""
    layers = [
        layers
        for at in range(len(calls[0].bodies[0].calls))
        for layers in layers_of(alike_inside(calls, at))
    ]
    return [merged_facts(one.calls) for one in layers if one.calls[0].kind not in _AROUND]


def _differing_facts(facts: Sequence[str], everywhere: Sequence[str]) -> Iterator[str]:
    """What of the facts isn't the same everywhere."""
    for fact, of_all in zip(facts, everywhere, strict=True):
        here, there = fact.split(" · "), of_all.split(" · ")
        if fact != of_all and len(here) == len(there):
            pairs = zip(here, there, strict=True)
            yield " · ".join(one for one, other in pairs if one != other)
        elif fact != of_all:
            yield fact


def _part_names(calls: Sequence[Call], options: LabelOptions) -> list[str]:
    return part_names(calls) if options.show_layer_names else []


def exit_label(calls: Sequence[Call], index: int, *, numbered: bool) -> Label:
    """The shape at the lower end of a group's frame, and as which input it is handed on."""
    made = [call.outputs[at] for call in calls for at in _group(call).outputs_of(index)]
    shape: Line = (Text(known_shape(made) or merged_shape(made), Role.FACT),)
    carried = _group(calls[0]).carried
    if numbered and index in carried:
        shape = (Text(str(carried.index(index) + 1), Role.FACT), *shape)
    return plain([shape])


def note_label(notes: Sequence[str]) -> Label:
    """What the drawing leaves out."""
    return plain([(Text(note, Role.FACT),) for note in notes])


def _group(call: Call) -> Group:
    if call.group is None:
        raise ValueError(f"{call.id!r} is no group")
    return call.group


def _delay(group: Group, index: int) -> int:
    """How many repetitions ago the input was made."""
    delay = 1
    output = group.carried[index]
    while output is not None and group.copies[0].outputs[output].call == BLOCK:
        output = group.carried[group.copies[0].outputs[output].index]
        delay += 1
    return delay
