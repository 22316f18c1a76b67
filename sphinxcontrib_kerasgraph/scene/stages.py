"""Where the resolution changes of the images or sequences that a model works on.

Papers write it at the side: 56×56, 28×28, 14×14.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from sphinxcontrib_kerasgraph.graph import BLOCK, CallKind, GroupKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Port, Tensor

T = TypeVar("T")
#: The sizes of a tensor along its axes of space or time.
Sizes: TypeAlias = tuple[int | None, ...]

#: A resolution that is less finer or coarser is of the same stage: convolutions without padding
#: take off the border alone.
_STEP = 1.5
#: Of a box that is of a resolution at least this part of the calls is.
_MOST = 0.6
#: Models with fewer changes have no stages: a vision Transformer has patches from the first call.
_LEAST = 2
#: Batch and channels: a tensor without further axes has no resolution.
_OTHER_AXES = 2


@dataclass(frozen=True)
class Stage:
    """A place where the resolution changes."""

    #: The item, by its place among those of the scene, from which on it is so.
    at: int
    #: ``56×56``, ``length 128``; ``1/4`` of the input where sizes aren't known.
    text: str


def stages_of(graph: CallGraph) -> tuple[Stage, ...]:
    """The stages along the longest way through the graph; none if nothing is made coarser twice.

    ``graph`` has the calls that are the items of a scene, in their order. Of a box or frame the
    resolution is that of most calls inside; of what is repeated, that of each repetition. The
    resolution of the input isn't told, which stands there.
    """
    windows = [call for call in _leaves(graph) if _slides(call)]
    formats = {str(call.config["data_format"]) for call in windows}
    ranks = {len(call.inputs[0].shape) for call in windows if call.inputs}
    if len(formats) != 1 or len(ranks) != 1 or min(ranks) <= _OTHER_AXES:
        return ()
    axes = _Axes(ranks.pop(), is_first=formats == {"channels_first"})
    spine = _spine(graph)
    sizes = {at: axes.sizes(graph.calls[at]) for at in spine}
    if any(None in size for several in sizes.values() for size in several):
        scales = _scales(graph, [], axes)
        return _changes(
            (at, [(float(one), f"{one.numerator}/{one.denominator}") for one in scales[at].each])
            for at in spine
        )
    return _changes((at, [(float(one[0] or 0), _text(one)) for one in sizes[at]]) for at in spine)


def _changes(resolutions: Iterable[tuple[int, list[tuple[float, str]]]]) -> tuple[Stage, ...]:
    """The stages of resolutions along a way, each with how fine it is, and its text."""
    found: list[Stage] = []
    coarser = 0
    last = 0.0
    for at, several in resolutions:
        steps = []
        for fine, text in several:
            if last and _differ(last, fine):
                steps.append(text)
                coarser += fine < last
            last = fine if steps[-1:] == [text] or not last else last
        if steps:
            found.append(Stage(at, steps[0] if len(steps) == 1 else f"{steps[0]} … {steps[-1]}"))
    return tuple(found) if coarser and len(found) >= _LEAST else ()


def _differ(one: float, other: float) -> bool:
    return max(one, other) >= _STEP * min(one, other)


@dataclass(frozen=True)
class _Axes:
    """Which axes of a tensor are those of space or time."""

    rank: int
    is_first: bool

    def sizes(self, call: Call) -> list[Sizes]:
        """Those of a call; of what is repeated, those of each repetition, in order.

        None of what is no image: of another rank, or a single point, as weights of channels are;
        nor of what goes through several resolutions, as a chain of convolutions and poolings.
        """
        found: list[Sizes] = []
        for body in _inside(call):
            several = [one for inner in body.calls for one in self.sizes(inner)]
            if several and not _is_mostly(_most_common(several), several):
                return []
            found += [_most_common(several)] if several else []
        found = _of_branches(call, found)
        if found or not call.outputs or len(call.outputs[0].shape) != self.rank:
            return found
        own = self.of(call.outputs[0])
        return [] if set(own) == {1} else [own]

    def of(self, tensor: Tensor) -> Sizes:
        """The sizes along these axes."""
        return tensor.shape[2:] if self.is_first else tensor.shape[1:-1]


def _text(sizes: Sizes) -> str:
    if len(sizes) == 1:
        return f"length {sizes[0]}"
    return "×".join(map(str, sizes))


def _most_common(values: Sequence[T]) -> T:
    """The value that is there most often; the last one of several."""
    counts = Counter(values)
    return max(reversed(values), key=lambda one: counts[one])


def _is_mostly(size: Sizes, several: Sequence[Sizes]) -> bool:
    """Whether most are about as fine."""
    alike = [
        one
        for one in several
        if one == size or not (size[0] and one[0] and _differ(float(size[0]), float(one[0])))
    ]
    return len(alike) >= _MOST * len(several)


def _of_branches(call: Call, each: list[T]) -> list[T]:
    """Of branches side by side one value: they are of one stage."""
    return [_most_common(each)] if each and call.is_group(GroupKind.BESIDE) else each


# The way


def _inside(call: Call) -> Sequence[CallGraph]:
    """The graphs in a call, whether it is open or closed."""
    return call.bodies or ((call.hidden,) if call.hidden is not None else ())


def _leaves(graph: CallGraph) -> Iterator[Call]:
    for call in graph.calls:
        if inside := _inside(call):
            yield from _leaves(inside[0])
        else:
            yield call


def _slides(call: Call) -> bool:
    """Whether it moves a window over an image or sequence."""
    kinds = {CallKind.CONVOLUTION, CallKind.POOLING}
    return call.kind in kinds and "data_format" in call.config


def _spine(graph: CallGraph) -> list[int]:
    """The places of the calls along the longest way to an output, by calls inside of all depths."""
    best: list[tuple[int, int]] = []
    for call in graph.calls:
        edges = graph.edges_into.get(call.id, ())
        before = {
            graph.places[edge.source.call]
            for edge in edges
            if edge.source.call != BLOCK and not edge.recurrent
        }
        longest = max(before, key=lambda at: (best[at][0], -at), default=-1)
        length = sum(1 for body in _inside(call)[:1] for _ in _leaves(body)) or 1
        best.append((length + (best[longest][0] if longest >= 0 else 0), longest))
    ends = [graph.places[port.call] for port in graph.outputs if port.call != BLOCK]
    at = max(ends, key=lambda end: (best[end][0], -end), default=-1)
    found = []
    while at >= 0:
        found.append(at)
        at = best[at][1]
    return found[::-1]


# Scales, where sizes aren't known


class _Scaled(NamedTuple):
    """How fine what a call makes is, and what the calls inside make."""

    made: Fraction | None
    #: Of what is repeated, that of each repetition; none of what is no image.
    each: list[Fraction]


def _scales(graph: CallGraph, entering: Sequence[Fraction | None], axes: _Axes) -> list[_Scaled]:
    """How fine each call's output is; ``entering`` tells it of what the graph takes."""
    found: list[_Scaled] = []
    for call in graph.calls:
        into: list[Fraction | None] = [None] * len(call.inputs)
        for edge in graph.edges_into.get(call.id, ()):
            if not edge.recurrent:
                into[edge.target.index] = _scale_at(graph, edge.source, entering, found)
        found.append(_through(call, into, axes))
    return found


def _scale_at(
    graph: CallGraph,
    port: Port,
    entering: Sequence[Fraction | None],
    found: Sequence[_Scaled],
) -> Fraction | None:
    if port.call == BLOCK:
        return entering[port.index] if port.index < len(entering) else None
    return found[graph.places[port.call]].made


def _through(call: Call, into: list[Fraction | None], axes: _Axes) -> _Scaled:
    if not (inside := _inside(call)):
        made = _of_leaf(call, into, axes)
        return _Scaled(made, [] if made is None else [made])
    outputs: list[Fraction | None] = []
    each: list[Fraction] = []
    for number, body in enumerate(inside):
        taken = _taken(call, number, into, outputs)
        inner = _scales(body, taken, axes)
        outputs = [_scale_at(body, port, taken, inner) for port in body.outputs]
        several = [one for scaled in inner for one in scaled.each]
        each += [_most_common(several)] if several else []
    first = 0 if call.group is None else call.group.output_inside(0)
    return _Scaled(outputs[first] if outputs else None, _of_branches(call, each))


def _taken(
    call: Call,
    number: int,
    into: Sequence[Fraction | None],
    before: Sequence[Fraction | None],
) -> list[Fraction | None]:
    """What a repetition takes of what the call takes, and of what the one ``before`` made."""
    group = call.group
    if group is None:
        return list(into)
    found = []
    for inside in range(call.arity_inside[0]):
        output = group.carried[inside] if group.carried else None
        places = group.inputs_of(inside)
        own = number if len(places) == group.repeats else 0
        found.append(into[places[own]] if output is None or not before else before[output])
    return found


def _of_leaf(call: Call, into: list[Fraction | None], axes: _Axes) -> Fraction | None:
    if not call.outputs or len(call.outputs[0].shape) != axes.rank:
        return None
    if call.kind is CallKind.INPUT:
        return max(filter(None, into), default=Fraction(1))
    return max((one * _factor(call) for one in into if one), default=None) or None


def _factor(call: Call) -> Fraction:
    """By how much a layer makes what it takes finer; zero if one point is left of it."""
    config = call.config
    if call.kind is CallKind.POOLING and call.class_name.startswith("Global"):
        return Fraction(0)
    if call.class_name.startswith("UpSampling"):
        return Fraction(_first(config.get("size")))
    if not _slides(call):
        return Fraction(1)
    stride = _first(config.get("strides") or config.get("pool_size"))
    return Fraction(stride) if "Transpose" in call.class_name else Fraction(1, stride)


def _first(sizes: object) -> int:
    """The first of sizes along several axes; 1 of what isn't one."""
    one = sizes[0] if isinstance(sizes, list | tuple) and sizes else sizes
    return one if isinstance(one, int) and one > 0 else 1
