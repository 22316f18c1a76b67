"""The table of faults in the documentation is that of the tests that provoke them."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = TESTS.parent / "docs" / "howto" / "fault-table.csv"


def test_the_table_has_just_what_is_provoked(tmp_path):
    using = [
        path for path in TESTS.rglob("test_*.py") if "from provoked" in path.read_text("utf-8")
    ]
    found = tmp_path / "found.csv"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "--collect-only", "-p", "no:cacheprovider",
         f"--fault-table={found}", *map(str, using)],
        cwd=TESTS.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert found.read_text("utf-8") == TABLE.read_text("utf-8"), "run `make fault-table`"


def test_no_fault_has_two_rows():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [tuple(row[:2]) for row in csv.reader(file)]
    assert len(rows) == len(set(rows))
