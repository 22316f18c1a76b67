"""What differs from repetition to repetition, in one text that tells the order.

Values stand in the order of the repetitions, so that the second of one row goes with the second of
another: ``96, 144, 240``. What doesn't change in a fold inside of a fold is told once for each time
that this is there.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.label.alike import Place

#: Of so many repetitions every value is told; one by one if that takes up to so many characters.
FEW = 4
_SHORT = 24
#: Of more, all that is told is no longer than so many characters; else it is a range.
_LONGEST = 40
#: Of a longer list without an order, the first and the last are told.
_LONGEST_LIST = 16
#: So many values come again, at least, of what is said to do so.
_AGAIN = 2
#: Numbers that are rounded to four digits rise evenly if they do so up to this part of a step.
_ROUNDED = 0.02


def in_order(
    texts: Sequence[str],
    places: Sequence[Place],
    *,
    counted: bool = True,
    otherwise: str | None = None,
) -> str:
    """The values of repetitions, of which it is known where they are.

    Of many repetitions that which tells all in few characters: ``gelu (×7), relu`` if that may be
    ``counted``, ``16, 64 in turn``, ``1, 2, 4 … 128``. Else that which is told ``otherwise``, or
    what `ranged` makes of them; also where the places don't tell them apart.
    """
    texts = [text or _("none") for text in texts]
    if len(set(texts)) == 1:
        return texts[0]
    if len(set(places)) < len(places):
        return otherwise or ranged(texts)
    values = _told_once(texts, places)
    told = list(values.values())
    whole = listed(told)
    if len(told) <= FEW and len(whole) <= _SHORT:
        return whole
    ways = [whole, *_series(told), *_in_turn(told), *_nested(values)]
    if counted:
        ways.append(_counted(told))
    shortest = min(ways, key=len)
    if len(told) <= FEW or len(shortest) <= _LONGEST:
        return shortest
    return otherwise or ranged(told)


def listed(texts: Sequence[str]) -> str:
    """All texts, parted by what is in none of them."""
    return ("; " if any("," in text for text in texts) else ", ").join(texts)


def ranged(texts: Sequence[str]) -> str:
    """What differs, without its order: the least and the most of numbers, else all if it is short.

    Else the first and the last.
    """
    texts = list(dict.fromkeys(text or _("none") for text in texts))
    if len(texts) == 1:
        return texts[0]
    numbers = _numbers(texts)
    if numbers is None:
        whole = listed(texts)
        return whole if len(whole) <= _LONGEST_LIST else f"{texts[0]} … {texts[-1]}"
    ordered = sorted(zip(numbers, texts, strict=True))
    return f"{ordered[0][1]} … {ordered[-1][1]}"


def _told_once(texts: Sequence[str], places: Sequence[Place]) -> dict[Place, str]:
    """The values in order, those of folds inside of folds once where they don't change there."""
    values = dict(zip(places, texts, strict=True))
    while len(next(iter(values))) > 1:
        fewer = _without(values, slice(1, None)) or _without(values, slice(None, -1))
        if fewer is None:
            break
        values = fewer
    return values


def _nested(values: dict[Place, str]) -> Iterator[str]:
    """What changes in a fold and in that around it: ``64; 96; (32, 64, 64)``.

    Of each repetition of the fold inside the values in the order of those outside, or the other way
    round; one where these are the same.
    """
    outer, inner = defaultdict(list), defaultdict(list)
    for place, value in values.items():
        outer[place[:-1]].append(value)
        inner[place[-1]].append(value)
    if len(outer) < 2 or len(set(map(len, outer.values()))) > 1:
        return
    for several in (outer.values(), inner.values()):
        if any(len(set(one)) > 1 for one in several):
            yield listed([one[0] if len(set(one)) == 1 else f"({listed(one)})" for one in several])


def _without(values: dict[Place, str], kept: slice) -> dict[Place, str] | None:
    """The values by their places in all folds but the outermost, or the innermost.

    ``None`` if they change there; or where there would be as many as there are repetitions of the
    innermost, for which they would be taken.
    """
    found: dict[Place, str] = {}
    for place, value in values.items():
        if found.setdefault(place[kept], value) != value:
            return None
    if kept.start is None:
        counts = {len(list(group)) for _, group in groupby(values, key=lambda place: place[kept])}
        if counts == {len(found)}:
            return None
    return found


def _counted(texts: Sequence[str]) -> str:
    """The values, each with how often it is there in a row."""
    runs = [(text, len(list(same))) for text, same in groupby(texts)]
    return listed([text if count == 1 else f"{text} (×{count})" for text, count in runs])


def _in_turn(texts: Sequence[str]) -> Iterator[str]:
    """What comes again and again, if that is all."""
    number = len(texts)
    for period in range(2, number - _AGAIN + 1 if number > FEW else 0):
        if all(text == before for text, before in zip(texts[period:], texts, strict=False)):
            for once in (listed(texts[:period]), *_series(texts[:period])):
                said = _("{once}, twice") if number == 2 * period else _("{once} in turn")
                yield said.format(once=once)
            return


def _series(texts: Sequence[str]) -> Iterator[str]:
    """The first three and the last of numbers that rise by a step, or a factor, that stays."""
    numbers = _numbers(texts)
    if numbers is None or len(texts) <= FEW + 1 or 0 in numbers[1:-1]:
        return
    steps = [after - before for before, after in pairwise(numbers)]
    factors = [after / before for before, after in pairwise(numbers) if before]
    for ones in (steps, factors):
        if len(ones) == len(steps) and max(ones) - min(ones) <= _ROUNDED * abs(ones[0]):
            yield f"{listed(texts[:3])} … {texts[-1]}"
            return


def _numbers(texts: Sequence[str]) -> list[float] | None:
    """The numbers that all of these are."""
    try:
        return [float(text.replace(",", "")) for text in texts]
    except ValueError:
        return None
