"""How many cases are tried: all, or a fifth with ``--hypothesis-profile=few``, for who waits."""

from __future__ import annotations

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
