"""How many cases are tried: all, or a fifth with ``--hypothesis-profile=few``, for who waits."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

FEW = "few"
settings.register_profile(FEW, max_examples=20)


def cases(number: int) -> int:
    """So many cases, or a share of them, but a few in any case."""
    share = settings.default.max_examples / settings.get_profile("default").max_examples
    return max(min(number, 5), round(number * share))


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
