"""Options: the same declaration read from a page, from conf.py and from Python."""

from __future__ import annotations

from dataclasses import fields

import pytest

from sphinxcontrib_kerasgraph import option_fields, options
from sphinxcontrib_kerasgraph.faults import Fault


def draw_options(given=None, conf=None):
    return options.parse_drawing(given or {}, conf or {})


def test_page_wins_over_conf_over_default():
    assert draw_options().label.show_shapes is False
    assert draw_options(conf={"kerasgraph_show_shapes": True}).label.show_shapes is True
    conf = {"kerasgraph_show_shapes": True}
    assert draw_options({"show-shapes": "no"}, conf).label.show_shapes is False
    assert draw_options({"show-shapes": ""}).label.show_shapes is True


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("show-shapes", "maybe", "yes or no"),
        ("rankdir", "XX", "one of TB, BT, LR, RL"),
        ("dpi", "0", "a whole number from 1"),
        ("dpi", "many", "a whole number from 1"),
        ("splines", "wavy", "one of spline"),
        ("layout", "cat", "one of dot"),
    ],
)
def test_wrong_values_are_refused(name, text, says):
    with pytest.raises(Fault, match=f":{name}: is {text!r}. It must be {says}") as caught:
        draw_options({name: text})
    assert caught.value.subtype == "option"


def test_unknown_option_is_refused_with_a_guess():
    with pytest.raises(Fault, match=r"':show-shape:' is unknown. Did you mean ':show-shapes:'"):
        options.check_page_names(["show-shape"])


def test_words_are_read_in_any_case():
    assert draw_options({"rankdir": "lr", "show-dtype": "YES"}).layout.rankdir == "LR"


def test_every_option_says_what_it_does():
    for group in (*options.DIRECTIVE, options.BuildSettings):
        for option in fields(group):
            assert option.metadata["summary"].endswith(".")
            assert option.metadata["kind"].words


@pytest.mark.parametrize(
    "value", [{"A": 1}, {"A=B": "1"}, {"": "1"}, {"A": "x\0y"}, {1: "a"}, "A=B", None]
)
def test_wrong_environments_are_refused(value):
    [option] = [option for option in options.configurable() if option.name == "environment"]
    with pytest.raises(Fault, match="must be a dict of strings"):
        option_fields.check_value(option, "kerasgraph_environment", value)
