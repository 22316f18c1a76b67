"""What all tests share."""

from __future__ import annotations

import gc
import importlib.util
import os
import shutil
import signal
import sys
import threading
from pathlib import Path

import pytest

import effort  # noqa: F401 - has to be there before pytest looks for the profile
from provoked import Provoked, write_table
from sphinx_project import need

#: The backbones of keras_hub need an environment that has it: `make test-hub`.
collect_ignore = [] if importlib.util.find_spec("keras_hub") else ["hub"]
#: Keras 2 runs on TensorFlow alone.
if not importlib.util.find_spec("tf_keras"):
    collect_ignore += ["extract/legacy", "ext/test_legacy.py", "worker/test_legacy.py"]

# Who starts the tests in the background may have had these signals ignored, by all that is started.
for number in (signal.SIGHUP, signal.SIGQUIT):
    signal.signal(number, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)

#: Whole builds, browsers, and worker processes.
_SLOW = {"ext", "browser", "worker"}


def pytest_addoption(parser):
    """Write the table of faults that tests provoke."""
    parser.addoption("--fault-table", type=Path, help="where to write it (with --collect-only)")


def pytest_itemcollected(item):
    """Mark what is random."""
    if getattr(item.function, "is_hypothesis_test", False):
        item.add_marker("law")


@pytest.hookimpl(tryfirst=True)  # slow tests are there still
def pytest_collection_modifyitems(config, items):
    """Begin with what takes longest, that it isn't left to one of two processes in the end."""
    items.sort(key=lambda item: item.path.parent.name not in _SLOW)
    table = config.getoption("--fault-table")
    if table is not None:
        given = [one for item in items if hasattr(item, "callspec")
                 for one in item.callspec.params.values()]  # fmt: skip
        write_table((one for one in given if isinstance(one, Provoked)), table)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for no garbage among the million objects that imports make, as `installed_keras`.

    Nor later: Keras looks for some at each `clear_session`, which would take 0.3 s.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000, 50, 50)
        gc.enable()


@pytest.fixture(scope="session")
def compiled_dot() -> str:
    """The path of Graphviz's ``dot``, for what the pip-installed one can't do."""
    return need("dot", "graphviz")


@pytest.fixture(scope="session")
def dot() -> str:
    """The path of Graphviz's ``dot``, or of the pip-installed one."""
    beside = os.path.dirname(sys.executable)
    return (
        shutil.which("dot") or shutil.which("graphviz-pure", path=beside) or need("dot", "graphviz")
    )


@pytest.fixture(scope="module")  # a process has but one of Playwright's, and others count threads
def chromium():
    """A browser."""
    path = need("chromium", "chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def within():
    """Calls a function that has to end in so many seconds."""

    def call(seconds, function, *args):
        found = []
        thread = threading.Thread(target=lambda: found.append(function(*args)), daemon=True)
        thread.start()
        thread.join(seconds)
        assert not thread.is_alive(), f"it still waits after {seconds} seconds"
        return found[0]

    return call
