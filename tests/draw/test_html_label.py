"""Labels in Graphviz's HTML-like language say what their trees say, and `dot` can read them."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

import svg
from effort import tried
from make_labels import NASTY, bare, labels, said
from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.html_label import html_label
from sphinxcontrib_kerasgraph.graph import CallKind, Change, Marks
from sphinxcontrib_kerasgraph.label.size import BESIDE, GUTTER, is_outlined
from sphinxcontrib_kerasgraph.label.tree import Cell, Form, Label, Role, Row, Text, row


def parsed(label: Label) -> ET.Element:
    """The label as the parser of XML that Graphviz uses reads it."""
    text = html_label(label)
    assert text[0] + text[-1] == "<>"
    return ET.fromstring(f"<label>{text[1:-1]}</label>")


@tried(150)
@given(labels())
def test_a_label_says_what_its_tree_says(label):
    written = "".join(parsed(label).itertext())
    # Graphviz takes two backslashes for one.
    assert "\\" not in written.replace("\\\\", "")
    assert bare(written.replace("\\\\", "\\")) == said(label)


def framed(label: ET.Element, made: Label) -> ET.Element:
    """The table with the border of the box, in that of an outline if there is one."""
    [table] = label.findall("table")
    return table.findall("tr/td/table")[0] if is_outlined(made) else table


@tried(100)
@given(labels())
def test_a_label_has_a_row_for_each_of_its_tree(label):
    found = parsed(label)
    if label.form is Form.TITLE:
        assert found.find(".//table") is None
    else:
        table = framed(found, label)
        told = table.findall("tr")
        if label.form is Form.FULL:  # whose details are a table of their own
            told = [told[0], *table.findall("tr/td[@colspan]/table/tr")]
        assert len(told) == len(label.rows)


ONE = {
    Form.FULL: lambda *texts: Label(
        Form.FULL, (Row((Cell((texts[:1],)), Cell((texts[1:],)))),), CallKind.DENSE
    ),
    Form.STACK: lambda *texts: Label(
        Form.STACK, (Row((Cell((texts,)),), CallKind.DENSE),), CallKind.DENSE
    ),
    **{
        form: lambda *texts, form=form: Label(form, (row(*texts),), CallKind.DENSE)
        for form in (Form.SIGN, Form.SOURCE, Form.STUB, Form.PART, Form.TITLE, Form.PLAIN)
    },
}


@pytest.mark.parametrize("form", Form)
def test_dot_reads_and_draws_any_text(dot, form):
    """All nasty texts, each in a role of the form, in one run of `dot`."""
    # A row of a stack begins with a class.
    roles = [Role.CLASS, Role.FOLLOWER] if form is Form.STACK else [*Role]
    made = [
        ONE[form](Text(f"a{nasty}b", roles[at % len(roles)]), Text(f"c{nasty}d", Role.FACT))
        for at, nasty in enumerate(NASTY)
    ]
    nodes = "".join(f"n{at} [label={html_label(label)}]\n" for at, label in enumerate(made))
    done = subprocess.run(
        [dot, "-Tsvg"], input=f"graph {{ node [shape=plain]\n{nodes}}}".encode(),
        capture_output=True, check=True,
    )  # fmt: skip
    complaints = done.stderr.decode().splitlines()
    assert [one for one in complaints if "ASCII character" not in one] == []
    drawn = bare("".join(svg.texts(done.stdout)))
    # Fonts and Graphviz may show a control character otherwise, but what is beside it is there.
    for label, nasty in zip(made, NASTY, strict=True):
        if re.fullmatch(r"[ -~é×图]+", nasty):
            assert said(label) in drawn


@pytest.mark.parametrize("text", ["", "]", "]]", " ", "[]", "\\", "-"])
@pytest.mark.parametrize("form", Form)
def test_dot_draws_texts_that_are_empty_or_end_something(dot, form, text):
    changes = [None, *theme.CHANGES]
    made = [
        ONE[form](Text(text, role, change=change, kind=kind), Text(text, Role.FACT))
        for role in Role
        for change in changes
        for kind in (None, CallKind.DENSE)
    ]
    nodes = "".join(f"n{at} [label={html_label(label)}]\n" for at, label in enumerate(made))
    code = f"graph {{ node [shape=plain]\n{nodes}}}".encode()
    done = subprocess.run([dot, "-Tsvg"], input=code, capture_output=True, check=True)
    assert done.stderr == b""
    written = Counter(bare("".join(svg.texts(done.stdout))))
    assert all(written[character] >= len(made) for character in text.strip())


def borders(label: Label) -> list[str]:
    """The colours around a box, the outer one first."""
    return [one.get("color") for one in parsed(label).iter("table")]


def test_borders_tell_a_highlight_and_a_change_or_else_the_ends_of_the_model():
    def made(terminal=False, **marks) -> Label:
        return Label(
            Form.STACK, (row(Text("Dense", Role.CLASS)),), CallKind.DENSE, terminal, Marks(**marks)
        )

    for change in theme.CHANGES:
        changed = made(terminal=True, change=change, highlighted=True)
        assert borders(changed) == [theme.ACCENT, theme.CHANGES[change]]
        assert borders(made(terminal=True, change=change)) == [theme.CHANGES[change]]
    assert len({theme.CHANGES[change] for change in theme.CHANGES}) == 3
    assert borders(made(terminal=True, highlighted=True)) == [theme.ACCENT]
    assert borders(made(terminal=True)) == [theme.TERMINAL_BORDER]
    assert borders(made()) == [theme.BORDER]


def stack(*lines: tuple[Text, ...]) -> Label:
    return Label(Form.STACK, tuple(Row((Cell((line,)),), CallKind.DENSE) for line in lines))


@pytest.mark.parametrize("name", theme.THEMES)
def test_texts_of_a_box_begin_at_one_place_some_way_from_signs(name):
    sign, text = Text("+", Role.CHANGE, change=Change.ADDED), Text("Dense", Role.CLASS)
    fact = Text("8", Role.FACT)
    both = html_label(stack((sign, text, fact), (text, fact)), theme.THEMES[name])
    widths = [
        [cell.get("width", "") for cell in row] for row in ET.fromstring(both[1:-1]).iter("tr")
    ]
    assert widths[0] == widths[1]
    at = widths[0].index(str(GUTTER))
    assert widths[0][at + 1] == str(BESIDE)
    # Elsewhere there is no room for any.
    assert str(GUTTER) not in html_label(stack((text, fact)), theme.THEMES[name])


@pytest.mark.parametrize("form", [Form.SIGN, Form.SOURCE, Form.STUB])
def test_a_text_stands_some_way_from_its_sign(form):
    sign = Text("+", Role.CHANGE, change=Change.ADDED)
    rows = parsed(Label(form, (row(sign, Text("Add", Role.CLASS)),))).iter("tr")
    widths = next([cell.get("width") for cell in row] for row in rows if len(row) > 1)
    assert widths[1] == str(BESIDE)


def test_a_legend_stands_apart_from_what_is_told_below_and_has_lines_for_lines():
    def entry(is_line=False, **marks) -> Cell:
        return Cell(((Text("word", Role.FACT),),), sample=Marks(**marks), is_line=is_line)

    entries = [
        entry(change=Change.ADDED),
        entry(change=Change.REMOVED, is_line=True),
        entry(highlighted=True, is_line=True),
    ]
    label = parsed(Label(Form.PLAIN, (Row(tuple(entries)), row(Text("note", Role.FACT)))))
    legend, gap, note = label.findall("table/tr")
    assert int(gap.find("td").get("height")) > 3
    assert legend.find("td").get("align") == note.find("td").get("align") == "left"
    box, dashes, line = (one for one in legend.findall("td/table/tr/td/table"))
    assert box.get("border") == "2"
    colored = [[one.get("bgcolor") for one in table.iter("td")] for table in (dashes, line)]
    red = theme.CHANGES[Change.REMOVED]
    assert colored == [[red, None, red], [theme.ACCENT]]


@pytest.mark.parametrize("kind", CallKind)
def test_every_kind_has_a_stripe_of_its_colour(kind):
    full = Label(
        Form.FULL,
        (
            Row(
                (Cell(((Text("A", Role.CLASS),),)), Cell(((Text("", Role.FACT),),))),
                stripe=kind,
            ),
        ),
        kind,
    )
    assert parsed(full).find("table/tr/td").get("bgcolor") == theme.KINDS[kind]
    stack = Label(Form.STACK, (Row((Cell(((Text("A", Role.CLASS),),)),), kind),), kind)
    assert parsed(stack).find("table/tr/td").get("bgcolor") == theme.KINDS[kind]


def test_what_says_nothing_writes_no_empty_font():
    """Of which `dot` would say that it is a syntax error."""
    label = Label(
        Form.PLAIN, (row(Text("", Role.TIMES), Text("", Role.FACT), Text("", Role.NAME)),)
    )
    assert "<font" not in html_label(label)


def test_inputs_of_a_part_are_ports():
    inputs = Row(tuple(Cell(((Text(str(at), Role.FACT),),), input=at) for at in range(3)))
    label = Label(Form.PART, (inputs, row(Text("A", Role.TIMES))))
    first, letter = parsed(label).findall("table/tr")
    assert [one.get("port") for one in first] == ["in0", "in1", "in2"]
    assert [one.get("colspan") for one in letter] == ["3"]
