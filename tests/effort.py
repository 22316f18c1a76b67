"""How much is tried: all by `make test-slow`; by `make test` what shows most faults, for who waits.

Of random cases that is two fifths, or a fifth with ``--hypothesis-profile=few``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_ALL = 100
for _name, _share in (("all", _ALL), ("some", 40), ("few", 20)):
    settings.register_profile(_name, max_examples=_share)
settings.load_profile("some")


def slow_but(quick: Collection[Any], values: Iterable[Any]) -> list[Any]:
    """Each of the values as a parameter of a test, which is slow for all but the quick ones."""
    return [pytest.param(one, marks=() if one in quick else pytest.mark.slow) for one in values]


def cases(number: int) -> int:
    """So many cases, or a share of them, but a few in any case."""
    return max(min(number, 5), number * settings.default.max_examples // _ALL)


def tried(number: int) -> settings:
    """Settings for a law that holds for anything random, which so many cases show."""
    return settings(
        max_examples=cases(number),
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


#: So many graphs `make fuzz` tries, in so many parts, beginning with this seed.
FUZZED = int(os.environ.get("KERASGRAPH_FUZZ", "0"))
PARTS = (os.cpu_count() or 1) if FUZZED else 1
SEED = int(os.environ.get("KERASGRAPH_FUZZ_SEED", "0"))
#: So many tests ask for; `make test` tries a fifth.
_ASKED = 2000


def fuzzed(number: int) -> settings:
    """As `tried`, with a seed that the test gives; `make fuzz` tries more in proportion."""
    tried_here = max(1, number * FUZZED // _ASKED // PARTS) if FUZZED else cases(number // 5)
    return settings(tried(tried_here), max_examples=tried_here, derandomize=False, database=None)
