"""``kerasgraph summary``: a table for people and for programs."""

from __future__ import annotations

import csv
import io
import json

import pytest

from make_graphs import model
from sphinxcontrib_kerasgraph.cli import main

NET = """
    x InputLayer
    a|b Dense/8 <- x
    block Block <- a|b
        inner Dense/4 <- ^
        -> inner
    -> block
"""


@pytest.fixture
def net(tmp_path):
    path = tmp_path / "net.json"
    path.write_text(model(NET).to_json(), encoding="utf-8")
    return str(path)


def shown(capsys, *given):
    assert main(["summary", *given]) == 0
    read = capsys.readouterr()
    assert read.err == ""
    return read.out


def test_text(net, capsys):
    said = shown(capsys, net, "--depth", "all", "--columns", "name,class")
    lines = said.splitlines()
    assert lines[0].split() == ["Layer", "Class"]
    assert lines[2].split() == ["a|b", "Dense"]
    assert lines[4].startswith("  inner")
    assert any(line.startswith("Parameters") for line in lines)


def test_markdown(net, capsys):
    said = shown(capsys, net, "--format", "md", "--columns", "name,params").splitlines()
    assert said[:2] == ["| Layer | Parameters |", "| --- | --: |"]
    assert said[3].startswith(r"| a\|b | ")


def test_csv(net, capsys):
    rows = list(csv.reader(io.StringIO(shown(capsys, net, "--format", "csv"))))
    assert [row[0] for row in rows] == ["Layer", "x", "a|b", "block"]


def test_json(net, capsys):
    data = json.loads(shown(capsys, net, "--format", "json", "--depth", "all"))
    assert [(one["level"], one["name"]) for one in data["layers"]] == [
        (0, "x"), (0, "a|b"), (0, "block"), (1, "inner"),
    ]  # fmt: skip
    assert data["totals"].keys() == {"parameters", "trainable", "bytes", "flops", "flops_complete"}


def test_what_is_asked_for_in_vain_is_told(net, capsys):
    assert main(["summary", net, "--hide", "nothing", "--columns", "name,kernel"]) == 0
    assert capsys.readouterr().err == (
        "kerasgraph: --hide nothing matches no call\n"
        "kerasgraph: No layer has a 'kernel' in its configuration. Others are: "
        "name, class, configuration, shape, dtype, params, trainable, flops, connected.\n"
    )
    assert main(["summary", net, "--hide", "nothing", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
