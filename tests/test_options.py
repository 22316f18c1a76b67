"""Options: the same declaration read from a page, from conf.py and from Python."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from sphinxcontrib_kerasgraph import option_fields, options, page_names
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.settings import BuildSettings, GalleryOptions, SummaryOptions, of_name


@pytest.mark.parametrize("group", [*options.DIFF, SummaryOptions, GalleryOptions, BuildSettings])
def test_each_group_says_what_it_is(group):
    """In a sentence, which is its heading on the command line."""
    assert group.__doc__.endswith(".")
    assert "(" not in group.__doc__  # as in what dataclasses write of themselves


@pytest.mark.parametrize(
    ("targets", "old", "new"),
    [
        (("m.old", "m.new"), {"call": "{}", "trace": "fit"}, {"call": "{}", "trace": "step"}),
        (("old.json", "m.new"), {"trace": "fit"}, {"call": "{}", "trace": "step"}),
        (("m.old", "new.json"), {"call": "{}", "trace": "fit"}, {}),
        # To be told that nothing is built of them.
        (("old.json", "new.json"), {"call": "{}", "trace": "fit"}, {"call": "{}", "trace": "step"}),
    ],
)
def test_what_each_of_two_models_is_built_with(targets, old, new):
    given = {"call": "{}", "trace": "step", "old-trace": "fit"}
    assert options.texts_of_two(given, targets) == (old, new)


def test_options_of_the_first_of_two_are_refused_by_their_names():
    with pytest.raises(Fault, match=r"^:old-training: is 'maybe'\."):
        options.texts_of_two({"old-training": "maybe"}, ("m.old", "m.new"))


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
        ("dpi", "100000", "a whole number from 1 to 1,200"),
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
        page_names.check_page_names(["show-shape"])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("show_shapes", r"Did you mean ':show-shapes:'\?"),
        ("detph", r"Did you mean ':depth:'\?"),
        ("params", r"Did you mean ':show-params:'\?"),
        ("dtype", r"Did you mean ':show-dtype:' or ':input-dtype:'\?"),
        ("layer-range", "Write ':from:' for the first layer and ':to:' for the last one"),
        ("layer_range", "':from:'"),
        ("length", "Known are: show-shapes, "),  # and no name that is a little alike
        ("breadth", "Known are: "),
    ],
)
def test_what_is_advised_for_an_unknown_option_is_near(name, says):
    with pytest.raises(Fault, match=says):
        page_names.check_page_names([name])


def test_words_are_read_in_any_case():
    assert draw_options({"rankdir": "lr", "show-dtype": "YES"}).layout.rankdir == "LR"


def test_every_option_says_what_it_does():
    for group in (*options.DIRECTIVE, *options.SUMMARY, options.BuildSettings):
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


# What `DrawOptions` takes and refuses


def test_options_are_in_the_groups_of_those_who_take_them():
    made = DrawOptions.of(show_shapes=True, depth="all", fold="loose", rankdir="lr")
    assert made == DrawOptions(
        options.LabelOptions(show_shapes=True),
        options.SelectOptions(depth="all"),
        options.SimplifyOptions(fold="loose"),
        options.LayoutOptions(rankdir="LR"),
    )
    assert DrawOptions.of() == DrawOptions() == draw_options()
    with pytest.raises(FrozenInstanceError):
        made.label.show_shapes = False


def test_each_option_is_in_one_group():
    names = [option.name for group in options.DRAWING for option in fields(group)]
    assert len(set(names)) == len(names)
    assert all(DrawOptions.has(name) for name in names)
    assert not DrawOptions.has("caption")


def test_names_that_there_are_not_are_errors_of_python():
    with pytest.raises(TypeError, match="no options of drawings: show_shape, x"):
        DrawOptions.of(show_shape=True, x=1)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"layout": "neato", "depth": 1}, "can't draw frames around open blocks"),
        ({"layout": "sfdp", "expand": "b"}, "can't draw frames around open blocks"),
        ({"layout": "circo", "expand_nested": True}, "can't draw frames around open blocks"),
        ({"layout": "fdp", "view": "overview"}, "can't draw what is repeated in frames"),
        ({"layout": "neato", "fold": "exact"}, "can't draw what is repeated in frames"),
        ({"columns": 21}, "a whole number from 1 to 20, or auto"),
        ({"depth": -1}, "a whole number from 0, or all"),
        ({"hide": 3}, "patterns, separated by commas"),
        ({"dpi": True}, "a whole number from 1 to 1,200"),
        ({"show_shapes": 1.5}, "yes or no"),
    ],
)
def test_what_graphviz_cannot_draw_and_what_makes_no_sense_is_refused(values, says):
    with pytest.raises(Fault, match=says) as caught:
        DrawOptions.of(**values)
    assert caught.value.subtype == "option"


def test_what_layouts_can_draw_is_taken():
    assert DrawOptions.of(layout="fdp", depth=1).layout.layout == "fdp"
    assert DrawOptions.of(layout="neato", view="full", fuse="yes").simplify.fuse == "yes"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("show-shapes", " yes ", True),
        ("show-shapes", "0", False),
        ("depth", "ALL", "all"),
        ("depth", "2", 2),
        ("columns", "auto", None),
        ("columns", "3", 3),
        ("dpi", "96", 96),
        ("hide", "Dropout, *Norm\n enc/*,", ("Dropout", "*Norm", "enc/*")),
        ("from", "a,b", ("a", "b")),
    ],
)
def test_texts_of_pages_are_read(name, text, value):
    made = draw_options({name: text})
    [field] = [
        option
        for group in options.DRAWING
        for option in fields(group)
        if option_fields.page_name(option) == name
    ]
    assert [
        getattr(group, field.name)
        for group in (made.label, made.select, made.simplify, made.layout)
        if hasattr(group, field.name)
    ] == [value]


@pytest.mark.parametrize(
    "group", [*options.DIRECTIVE, options.SummaryOptions, options.BuildSettings]
)
def test_every_default_is_a_value_that_is_taken(group):
    for option in fields(group):
        default = option_fields.default_of(option)
        if default != "":
            assert option_fields.check_value(option, option.name, default) == default


def test_names_on_pages_and_in_conf():
    [option] = [one for one in fields(options.SelectOptions) if one.name == "from_"]
    assert option_fields.page_name(option) == "from"
    assert option_fields.conf_name(option) == "kerasgraph_from"
    configurable = {one.name for one in options.configurable()}
    assert "caption" not in configurable
    names = set(map(option_fields.conf_name, options.configurable()))
    assert names.isdisjoint(f"kerasgraph_{name}" for name in options.PER_DIAGRAM)
    assert "kerasgraph_summary_columns" in names
    assert "" not in names
    assert {"show_shapes", "depth", "timeout", "environment"} <= configurable


def test_defaults_are_not_shared():
    [option] = [one for one in fields(options.BuildSettings) if one.name == "environment"]
    assert option_fields.default_of(option) is not option_fields.default_of(option)


def _conf(name):
    [option] = [one for one in fields(options.BuildSettings) if one.name == name]
    return lambda value: option_fields.check_value(option, name, value)


def test_what_is_documented_is_given_by_patterns_or_known():
    check = _conf("autodoc")
    assert [check(value) for value in (True, "yes", False, "0")] == [True, True, False, False]
    assert check("mypkg.*, other.build") == check(["mypkg.*", "other.build"])
    for wrong in (5, [5], {"mypkg.*": True}):
        with pytest.raises(Fault, match=r"True, False, or a list of patterns"):
            check(wrong)


def test_what_models_are_built_with_may_be_python_values():
    check = _conf("shapes")
    given = {"a.Net": {"input_shape": (3,), "training": True, "call": {"mask": None}}, "b.*": None}
    assert check(given) == {
        "a.Net": {"input_shape": "(3,)", "training": True, "call": "{'mask': None}"},
        "b.*": None,
    }
    for wrong in ({"a.Net": (3,)}, {"a.Net": {"shape": (3,)}}, {5: None}, ["a.Net"]):
        with pytest.raises(Fault, match=r"a dict of names or patterns"):
            check(wrong)


def test_a_name_counts_before_patterns():
    given = {"a.*": 1, "a.Net": 2, "a.b.*": None}
    names = ["a.Net"], ["a.b.Net"], ["b.Net", "a.Net"], ["b.Net"]
    assert [of_name(given, one) for one in names] == [
        (True, 2),
        (True, 1),
        (True, 2),
        (False, None),
    ]
