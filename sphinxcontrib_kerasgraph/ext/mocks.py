"""What ``autodoc_mock_imports`` stands in for is missing all the same where models are built."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from sphinx.config import Config

#: How faults name what isn't there.
_MISSING = re.compile(r"[Nn]o module (?:named )?'([\w.]+)'|(Keras) is not installed")


def explained(fault: Fault, config: Config) -> Fault:
    """The fault, with a word on mocks if it is for want of a module that autodoc mocks."""
    missing = _MISSING.search(fault.message)
    if missing is None:
        return fault
    name = missing[1] or "keras"
    mocked = getattr(config, "autodoc_mock_imports", ())
    if not any(f"{name}.".startswith(f"{one}.") for one in mocked):
        return fault
    said = f"autodoc_mock_imports has mocks of {name!r} for autodoc alone; models need the real one"
    if name == "keras":
        said += ", or snapshots (kerasgraph_snapshot_dir in conf.py)"
    return Fault(fault.subtype, fault.message, f"{fault.advice} {said}.", fault.details)
