"""``kerasgraph serve`` with Keras: from a saved file to the browser, and no process left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from diagram_page import Diagram
from live_model import until
from running import is_running
from sphinxcontrib_kerasgraph.cli import main

ROOT = Path(__file__).parents[2]
#: Shells let what runs in the background ignore Ctrl-C, the tests included.
COMMAND = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from sphinxcontrib_kerasgraph.cli import main; sys.exit(main())"
)
NET = """
import keras

from sizes import WIDTH

def build():
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(WIDTH, name="wide")])
"""


def children(pid):
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(one) for path in listed for one in path.read_text().split()]


@pytest.fixture
def project(tmp_path):
    tmp_path.joinpath("net.py").write_text(NET)
    tmp_path.joinpath("sizes.py").write_text("WIDTH = 8\n")
    return tmp_path


@pytest.fixture
def process(project, dot):
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with (
        project.joinpath("said").open("wb") as said,
        subprocess.Popen(
            [sys.executable, "-c", COMMAND, "serve", "net.build", "--port", "0", "-v"],
            cwd=project,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as running,
    ):
        yield running
        running.kill()


def test_the_picture_follows_the_code_and_no_process_is_left(process, project, chromium):
    line = process.stdout.readline().decode()
    address = next(word for word in line.split() if word.startswith("http://"))
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(address)
        diagram = Diagram.of(page)
        assert "8" in diagram.box("Dense").text_content()
        # Of a module that the model's own imports.
        project.joinpath("sizes.py").write_text("WIDTH = (\n")
        alert = page.get_by_role("alert")
        alert.get_by_text("SyntaxError").first.wait_for()
        assert "WIDTH = (" in alert.inner_text()
        assert "8" in diagram.box("Dense").text_content()
        project.joinpath("sizes.py").write_text("WIDTH = 16\n")
        diagram.box("16").wait_for()
        assert not alert.is_visible()
        assert "units 8 → 16" in page.locator("#words").inner_text()
        until(lambda: children(process.pid))  # the worker that waits for the next
        started = children(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0  # unless something hangs
        until(lambda: not any(map(is_running, started)))
    said = project.joinpath("said").read_text()
    assert "Traceback" in said  # the author's
    assert "KeyboardInterrupt" not in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["net.build("], "is not valid Python"),
        (["net.build", "--port", "70000"], "The port 70000 can't be had"),
        (["net.build", "--port", "much"], "invalid int value"),
        (["net.build", "--view", "none"], "--view is 'none'"),
        (["net.build", "-o", "x.svg"], "unrecognized arguments"),
    ],
)
def test_what_no_saving_would_mend_ends_it_at_once(given, said, capfd, dot):
    try:
        code = main(["serve", *given])
    except SystemExit as end:
        code = end.code
    assert code == 2
    assert said in capfd.readouterr().err
