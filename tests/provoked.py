"""Faults that tests provoke for real, of which the documentation has a table.

A test that provokes some in whole builds is parametrized with `Provoked`, whose words are what the
warning has to say: the test calls `assert_told` for each, `assert_as_alone` for all other models of
the build, and builds in the environment of `left_behind.watched`, which looks for what is left. So
the table, ``docs/howto/fault-table.csv``, is that of the tests: `make fault-table` writes it
(``pytest --collect-only --fault-table=FILE``), and `test_fault_table` compares it.

    CASES = [Provoked("Your code", "calls os._exit(9)", "worker", "ended with exit code 9"), ...]

    @pytest.mark.parametrize("fault", CASES, ids=str)
    def test_one_warning(fault, build):
        assert_told(fault, build, "index.rst:12")
"""

from __future__ import annotations

import csv
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sphinx_project import Build

COLUMNS = "Where", "What is wrong", "Warning", "What it says"


@dataclass(frozen=True, order=True)
class Provoked:
    """A fault, and what is told of it."""

    #: "Your code", "Graphviz", "A file", "A name", "An option", "The machine", "The cache", …
    where: str
    #: As the table says it: "calls ``os._exit(9)``".
    what: str
    #: As in `faults.SUBTYPES`; empty where nothing is to be told, since all is drawn as it should.
    subtype: str
    #: Words of the warning; or, without one, what becomes of it.
    says: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def assert_told(fault: Provoked, build: Build, place: str) -> None:
    """Just one warning stands at the place, of that type, with those words."""
    found = [warning for warning in build.warnings if f"{place}: " in warning]
    if not fault.subtype:
        assert found == []
        return
    assert len(found) == 1, build.warnings
    assert fault.says in found[0]
    assert found[0].endswith(f"[kerasgraph.{fault.subtype}]")
    assert "Traceback" not in build.output


def assert_as_alone(build: Build, alone: Build, page: str = "index.html") -> None:
    """All drawings of the page are, to the byte, those of a build that has no others."""
    drawn = build.drawings(page)
    assert drawn, build.output
    assert drawn == alone.drawings(page)


def write_table(faults: Iterable[Provoked], path: Path) -> None:
    """Write the rows, in their order, as CSV for ``csv-table``."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for fault in sorted(set(faults)):
            where, what, subtype, says = astuple(fault)
            table.writerow([where, what, f"``kerasgraph.{subtype}``" if subtype else "none", says])
