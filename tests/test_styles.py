"""Rules of style: how they are written, and colours in which text is read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinxcontrib_kerasgraph import colors
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.option_fields import check_value
from sphinxcontrib_kerasgraph.options import DrawOptions, parse_drawing
from sphinxcontrib_kerasgraph.settings import StyleOptions
from sphinxcontrib_kerasgraph.styles import StyleRule

COLORS = st.from_regex(re.compile("#[0-9a-f]{6}"), fullmatch=True)


def test_a_table_is_the_same_on_a_page_and_in_python():
    rules = (StyleRule("Conv*", "#aabbcc", "", "{filters}"), StyleRule("a/*", "", "mine"))
    table = {"Conv*": {"color": "#ABC", "label": "{filters}"}, "a/*": {"kind": "mine"}}
    assert DrawOptions.of(style=table).style.style == rules
    assert parse_drawing({"style": repr(table)}, {}).style.style == rules
    assert DrawOptions.of(style=rules).style.style == rules
    assert hash(DrawOptions.of(style=table)) == hash(DrawOptions.of(style=rules))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"A": {"colour": "#fff"}}, "has no key 'colour'. Did you mean 'color'?"),
        ({"A": {"zzz": "#fff"}}, "Known are: color, kind, label."),
        ({"A": {"color": "teal"}}, "The color of 'A' is 'teal'. It must be in the form '#3e35c4'."),
        ({"A": {"color": 3}}, "The color of 'A' is 3. It must be a text."),
        ({"A": "#fff"}, "The style of 'A' is '#fff'. It must be a dict such as"),
        ({"A": {"label": "{a.b}"}}, "What is in braces must be a name"),
        ({"A": {"label": "{"}}, "What is in braces must be a name"),
        ({3: {}}, "It must be a dict of patterns"),
        (["A"], "It must be a dict of patterns"),
    ],
)
def test_what_is_wrong_is_told(table, says):
    with pytest.raises(Fault) as caught:
        DrawOptions.of(style=table)
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "x", "{'A': {'color': f()}}", "[" * 9999])
def test_no_text_breaks_a_page(text):
    with pytest.raises(Fault, match="It must be a dict of patterns"):
        parse_drawing({"style": text}, {})


def test_themes_are_a_closed_set():
    [option] = [one for one in StyleOptions.__dataclass_fields__.values() if one.name == "theme"]
    assert check_value(option, "theme", "Keras") == "keras"
    with pytest.raises(Fault, match="one of default, keras, mono, paper"):
        check_value(option, "theme", "print")


@given(COLORS)
def test_any_color_becomes_one_that_is_read(color):
    made = colors.readable(color)
    assert colors.contrast(colors.text(made), colors.tint(made)) >= 4.5
    assert colors.contrast(colors.text(made), "#ffffff") >= 4.5
    assert made == color or not colors.is_readable(color)
    night = colors.by_night(color)
    ground = colors.mixed(night, colors.NIGHT_PAPER, colors.TINT)
    assert colors.contrast(colors.mixed(night, colors.NIGHT_INK, colors.TEXT), ground) >= 4.5
    assert colors.contrast(night, colors.NIGHT_PAPER) >= 3


def test_what_is_not_read_is_told():
    style = {"A": {"color": "#ffee00"}, "B": {"color": "#222"}, "C": {"kind": "mine"}}
    odd, *others = DrawOptions.of(style=style).style.style
    darker = colors.readable("#ffee00")
    assert odd.unreadable.startswith("text can't be read in the color '#ffee00'")
    assert odd.unreadable.endswith(f"drawn in {darker!r}")
    assert [one.unreadable for one in others] == ["", ""]
