"""Labels in Graphviz's HTML-like language say what their trees say, and `dot` can read them."""

from __future__ import annotations

import re
import subprocess
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

import svg
from effort import tried
from make_labels import NASTY, bare, labels, said
from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.html_label import html_label
from sphinxcontrib_kerasgraph.graph import CallKind, Marks
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


@tried(100)
@given(labels())
def test_a_label_has_a_row_for_each_of_its_tree(label):
    found = parsed(label)
    if label.form is Form.TITLE:
        assert found.find(".//table") is None
    else:
        [table] = found.findall("table")
        told = table.findall("tr")
        if label.form is Form.FULL:  # whose details are a table of their own
            told = [told[0], *table.findall("tr/td/table/tr")]
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


def border(label: Label) -> str:
    return parsed(label).find("table").get("color")


def test_the_border_tells_a_change_then_a_highlight_then_the_ends_of_the_model():
    def made(terminal=False, **marks) -> Label:
        return Label(
            Form.STACK, (row(Text("Dense", Role.CLASS)),), CallKind.DENSE, terminal, Marks(**marks)
        )

    for change in theme.CHANGES:
        changed = made(terminal=True, change=change, highlighted=True)
        assert border(changed) == theme.CHANGES[change]
    assert len({theme.CHANGES[change] for change in theme.CHANGES}) == 3
    assert border(made(terminal=True, highlighted=True)) == theme.ACCENT
    assert border(made(terminal=True)) == theme.TERMINAL_BORDER
    assert border(made()) == theme.BORDER


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
