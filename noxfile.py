"""The matrix of releases beside what `make` runs, each in an environment of its own.

``nox`` runs all of it, ``nox -l`` lists it, ``nox -s "sphinx(8.1)"`` runs one; what stands behind
``--`` are other tests. Interpreters that aren't there are left out. The oldest of everything is
`make test-oldest`, other backends are `make test-jax` and `make test-torch`.
"""

from __future__ import annotations

import nox

nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"

#: What Sphinx decides: directives, builders, parallel builds, what is kept of a build.
OF_SPHINX = [
    *("tests/ext/test_html.py", "tests/ext/test_builders.py", "tests/ext/test_autodoc.py"),
    *("tests/ext/test_start.py", "tests/ext/test_substitutions.py", "tests/ext/test_events.py"),
    *("tests/ext/test_languages.py", "tests/ext/test_figures.py", "tests/ext/test_snapshots.py"),
]
#: What Keras and its backend decide.
OF_KERAS = ["tests/extract", "tests/worker", "tests/models/test_facts.py"]
#: What Python decides, beside all that: modules, annotations, processes.
OF_PYTHON = [
    *("tests/graph", "tests/view", "tests/scene", "tests/label", "tests/worker"),
    *("tests/ext/test_html.py", "tests/ext/test_python_objects.py", "tests/test_processes.py"),
]


def _prepare(session: nox.Session, *pinned: str) -> None:
    session.install("pip>=25.1")  # knows groups of dependencies
    session.install("--editable", ".[tensorflow,legacy,graphviz]", "--group", "test", *pinned)


def _test(session: nox.Session, tests: list[str]) -> None:
    session.run("python", "-m", "pytest", *(session.posargs or tests))


@nox.session
@nox.parametrize("release", ["8.1.0", "8.2.0", "9.0.0", ""], ids=["8.1", "8.2", "9.0", "newest"])
def sphinx(session: nox.Session, release: str) -> None:
    """Run what Sphinx decides with its releases, from the oldest that we declare."""
    _prepare(session, f"sphinx=={release}" if release else "sphinx")
    _test(session, OF_SPHINX)


@nox.session(name="sphinx-pre")
def sphinx_pre(session: nox.Session) -> None:
    """Run it with the pre-release of Sphinx, if there is one that is newer than the newest."""
    _prepare(session)
    session.install("--upgrade", "sphinx")
    newest = _version(session)
    session.install("--upgrade", "--pre", "sphinx")
    if _version(session) == newest:
        session.log(f"There is no pre-release of Sphinx after {newest}.")
        return
    _test(session, OF_SPHINX)


def _version(session: nox.Session) -> str:
    code = "import sphinx; print(sphinx.__version__)"
    return str(session.run("python", "-c", code, silent=True)).strip()


@nox.session
@nox.parametrize(
    ("keras", "tensorflow"),
    [("3.5.0", "2.16.1"), ("3.8.0", "2.18.0"), ("3.11.0", "2.20.0"), ("", "")],
    ids=["3.5", "3.8", "3.11", "newest"],
)
def keras(session: nox.Session, keras: str, tensorflow: str) -> None:
    """Run extraction with releases of Keras and TensorFlow, from the oldest that we declare."""
    pinned = [f"keras=={keras}", f"tensorflow=={tensorflow}"] if keras else []
    _prepare(session, *pinned)
    _test(session, OF_KERAS)


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def python(session: nox.Session) -> None:
    """Run what Python decides with its releases."""
    _prepare(session)
    _test(session, OF_PYTHON)
