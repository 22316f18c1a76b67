"""``kerasgraph options``: all that is declared, with its names everywhere."""

from __future__ import annotations

import json

from sphinxcontrib_kerasgraph import option_fields, options
from sphinxcontrib_kerasgraph.cli import entry, main

WITH_TIMEOUT = "draw", "summary", "diff", "serve"


def test_all_options_are_listed(capsys):
    assert main(["options", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    shapes = next(one for one in found if one["page"] == ":show-shapes:")
    assert shapes["command"] == "--show-shapes"
    assert shapes["conf"] == "kerasgraph_show_shapes"
    assert (shapes["default"], shapes["values"]) == (False, "yes or no")
    stated = {one["conf"] for one in found}
    assert {option_fields.conf_name(option) for option in options.configurable()} <= stated


def test_text_is_for_people(capsys):
    assert main(["options"]) == 0
    said = capsys.readouterr().out
    assert ":show-shapes:  --show-shapes  kerasgraph_show_shapes" in said
    assert "``" not in said
    assert ":doc:" not in said


def test_arguments_are_those_of_commands(capsys):
    assert main(["options", "--format", "json"]) == 0
    listed = {one["command"] for one in json.loads(capsys.readouterr().out)} - {""}
    _, parsers = entry._parsers()
    known = {name for one in parsers.values() for name in one._option_string_actions}
    assert {"--timeout", "--load-weights", "--columns", "--context", "--depth"} <= listed <= known
    shown = [one._option_string_actions["--timeout"] for one in map(parsers.get, WITH_TIMEOUT)]
    assert [one.metavar for one in shown] == ["SECONDS"] * len(WITH_TIMEOUT)


def test_words_choose(capsys):
    assert main(["options", "show-dtype"]) == 0
    assert capsys.readouterr().out.count(":show-") == 1
    assert main(["options", "nosuchword"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "", "kerasgraph: No option has nosuchword in its name or meaning.\n",
    )  # fmt: skip
