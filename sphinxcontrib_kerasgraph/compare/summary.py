"""What differs between two models as a person would state it: what is alike in one statement."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from sphinxcontrib_kerasgraph.compare import difference as d
from sphinxcontrib_kerasgraph.compare.run_text import blocks_text, size_text
from sphinxcontrib_kerasgraph.compare.runs import runs
from sphinxcontrib_kerasgraph.compare.words import change_text, in_words, subject_text
from sphinxcontrib_kerasgraph.graph import CallKind, Change
from sphinxcontrib_kerasgraph.graph.configuration import value_text
from sphinxcontrib_kerasgraph.wording import N_, _, and_more, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.compare.comparison import Comparison
    from sphinxcontrib_kerasgraph.compare.match import Place
    from sphinxcontrib_kerasgraph.compare.runs import Run

#: Of more than so many of the same kind, one sentence tells.
_FEW = 2
#: So many names or values are told of many.
_TOLD = 3
#: What of a model is how it is written, not what it does.
_WRITTEN = {"name", "qualname", "module", "model_type"}


@dataclass(frozen=True)
class Statement:
    """A sentence of what differs."""

    #: Whether it tells of what is added or removed, or of anything else.
    change: Change
    text: str


def statements(comparison: Comparison) -> tuple[Statement, ...]:
    """What differs, the most general first: none if nothing does."""
    if has_nothing_in_common(comparison):
        return (Statement(Change.CHANGED, _("Nothing in common")),)
    return tuple(dict.fromkeys(_Summary(comparison).all()))


def has_nothing_in_common(comparison: Comparison) -> bool:
    """Whether no calls belong together but inputs."""
    matching = comparison.matching
    common = any(pair.new.kind is not CallKind.INPUT for pair in matching.pairs)
    return not common and bool(matching.added) and bool(matching.removed)


def is_equal_but_for_names(comparison: Comparison) -> bool:
    """Whether calls have other names, and all else is the same: the models do the same."""
    found = comparison.differences
    return any(isinstance(one, d.CallRenamed) for one in found) and _is_all_names(comparison)


def _is_all_names(comparison: Comparison) -> bool:
    return all(
        isinstance(one, d.CallRenamed)
        or (isinstance(one, d.ModelChanged) and one.keys[0] in _WRITTEN)
        for one in comparison.differences
    )


@dataclass(frozen=True)
class OrderOfInputs:
    """A call takes what it took as other ones of its inputs."""

    name: str
    #: Where what these inputs take comes from, in the order of now.
    sources: tuple[str, ...]
    #: All that differs in this.
    told: tuple[d.Difference, ...]

    def __str__(self) -> str:
        names = ", ".join(self.sources)
        return _("{name} takes {names} in this order now", name=self.name, names=names)


def orders_of_inputs(differences: Sequence[d.Difference]) -> list[OrderOfInputs]:
    """The calls of which nothing but the order of their inputs is another."""
    both: dict[Place, tuple[list[d.TensorRemoved], list[d.TensorAdded]]] = {}
    for one in differences:
        if isinstance(one, d.TensorAdded | d.TensorRemoved) and not one.route.recurrent:
            gone, come = both.setdefault(one.route.target.call, ([], []))
            if isinstance(one, d.TensorAdded):
                come.append(one)
            else:
                gone.append(one)
    found = []
    for place, (gone, come) in both.items():
        come.sort(key=lambda one: one.route.target.index)
        was, now = (Counter(one.route.source for one in some) for some in (gone, come))
        calls = [source.call for source in now]
        names = tuple(one.route.source.call.new for one in come)
        if was == now and len({*names}) == len(names) > 1 and come[0].route.block not in calls:
            found.append(OrderOfInputs(place.new, names, (*gone, *come)))
    return found


class _Summary:
    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._left = [*comparison.differences]
        self._classes = {
            pair.place.new: pair.new.class_name for pair in comparison.matching.walk_pairs()
        }

    def all(self) -> Iterator[Statement]:
        """All statements; each takes what it tells of from what is left."""
        renamed = self._take(d.CallRenamed)
        if is_equal_but_for_names(self._comparison) and len(renamed) > _FEW:
            yield Statement(Change.CHANGED, _("Equal but for names"))
        for said in (self._model(), self._policies(), self._inputs()):
            yield from (Statement(Change.CHANGED, one) for one in said)
        yield from self._come_and_gone()
        for said in (
            map(_moved, self._take(d.CallMoved)),
            self._replaced(renamed),
            self._changed(),
            _renamed(renamed),
            self._shared(),
            self._tensors(),
        ):
            yield from (Statement(Change.CHANGED, one) for one in said)
        yield from (Statement(Change.CHANGED, one) for one in in_words(self._left))
        yield from (Statement(Change.CHANGED, one) for one in self._model_renamed())

    def _model_renamed(self) -> Iterator[str]:
        """The name of the model is told where nothing differs but names."""
        old, new = self._comparison.old.name, self._comparison.new.name
        if old != new and _is_all_names(self._comparison):
            yield _("The model's name is {new}, was {old}", new=new, old=old)

    def _take(self, *kinds: type[Any]) -> list[Any]:
        found = [one for one in self._left if isinstance(one, kinds)]
        self._left = [one for one in self._left if not isinstance(one, kinds)]
        return found

    def _model(self) -> Iterator[str]:
        for one in self._take(d.WrappingChanged):
            block = f"{one.class_name} {one.path}"
            if one.change is Change.ADDED:
                yield _("Wrapped in {block}", block=block)
            else:
                yield _("No more wrapped in {block}", block=block)
        changed = {one.keys[0]: one for one in self._take(d.ModelChanged)}
        before, after = self._comparison.old, self._comparison.new
        if before.qualname != after.qualname:
            old, new = before.qualname, after.qualname
            yield _("The model is a {new}, was a {old}", new=new, old=old)
        elif before.model_type != after.model_type:
            old, new = before.model_type, after.model_type
            yield _("The model is a {new}, was a {old}", new=new, old=old)
        self._left += [one for key, one in changed.items() if key not in _WRITTEN]

    def _policies(self) -> Iterator[str]:
        """Of policies of dtypes it is told how many layers have another."""
        for one in self._take(d.PolicyChanged):
            yield _("The dtype policy is {new}, was {old}", new=one.after, old=one.before)
        changed = [one for one in self._left if _is_of(one, "dtype")]
        values = Counter((_policy(one.before), _policy(one.after)) for one in changed)
        for (before, after), number in values.items():
            if number <= _FEW:
                continue
            yield ngettext(
                "The dtype policy of {number} layer is {new}, was {old}",
                "The dtype policy of {number} layers is {new}, was {old}",
                number,
                new=after,
                old=before,
            )
            self._left = [
                one
                for one in self._left
                if not _is_of(one, "dtype")
                or (_policy(one.before), _policy(one.after)) != (before, after)
            ]

    def _inputs(self) -> Iterator[str]:
        for one in [one for one in self._left if _is_of(one, "batch_shape")]:
            self._left.remove(one)
            yield _(
                "The input {name} is {new}, was {old}",
                name=one.place.new,
                new=_shape(one.after),
                old=_shape(one.before),
            )

    def _come_and_gone(self) -> Iterator[Statement]:
        found = self._take(d.CallAdded, d.CallRemoved)
        follows = {(type(one), one.path): one.follows for one in found}
        for matching in self._comparison.matching.levels():
            every = [*runs(matching)]
            single: dict[tuple[Change, str], list[Run]] = defaultdict(list)
            for run in every:
                if len(run.singles) == 1:
                    single[run.change, run.calls[0].class_name].append(run)
            for run in every:
                first = run.singles[0]
                kind = d.CallAdded if run.change is Change.ADDED else d.CallRemoved
                after = follows.get((kind, first.path))
                alike = single[run.change, run.calls[0].class_name]
                if len(run.singles) > 1:
                    what = (
                        f"{blocks_text(run)} ({size_text(run)})" if run.blocks else size_text(run)
                    )
                    yield _come_or_gone(what, run, after)
                elif len(alike) <= _FEW:
                    what = f"{first.call.class_name} {first.path}"
                    yield _come_or_gone(what, run, after)
                elif run is alike[0]:
                    names = _names([one.singles[0].path for one in alike])
                    what = f"{len(alike)} {first.call.class_name} ({names})"
                    yield _come_or_gone(what, run, None)

    def _replaced(self, renamed: list[d.CallRenamed]) -> Iterator[str]:
        replaced: dict[tuple[str, str], list[d.CallReplaced]] = defaultdict(list)
        for one in self._take(d.CallReplaced):
            replaced[one.before, one.after].append(one)
        for (before, after), found in replaced.items():
            places = {one.place for one in found}
            renamed[:] = [one for one in renamed if one.place not in places]
            if len(found) > _FEW:
                names = _names([one.place.new for one in found])
                yield ngettext(
                    "{number} {old} replaced by {new}: {names}",
                    "{number} {old} replaced by {new}: {names}",
                    len(found),
                    old=before,
                    new=after,
                    names=names,
                )
                continue
            for one in found:
                old, new = f"{before} {one.place.old}", f"{after} {one.place.new}"
                if one.call is not None and one.call.activation is not None:
                    new = f"{new} ({one.call.activation})"
                yield _("{old} replaced by {new}", old=old, new=new)

    def _changed(self) -> Iterator[str]:
        """The same value of many calls of a class is told once."""
        values: dict[tuple[str, str], list[d.CallChanged]] = defaultdict(list)
        for one in self._take(d.CallChanged):
            values[self._classes.get(one.place.new, ""), subject_text(one)].append(one)
        for (class_name, subject), found in values.items():
            changes = [change_text(one.before, one.after) for one in found]
            if len(found) > _FEW:
                said = (
                    [*dict.fromkeys(changes)]
                    if len({*changes}) == 1
                    else [
                        f"{change} (×{times})" if times > 1 else change
                        for change, times in Counter(changes).most_common()
                    ]
                )
                yield ngettext(
                    "{subject} of {number} {kind} changed: {changes}",
                    "{subject} of {number} {kind} changed: {changes}",
                    len(found),
                    subject=subject,
                    kind=class_name,
                    changes=_names(said),
                )
                continue
            for one, change in zip(found, changes, strict=True):
                yield f"{one.place.new}: {subject} {change}"

    def _tensors(self) -> Iterator[str]:
        """An input that takes another tensor than it did."""
        orders = orders_of_inputs(self._left)
        ordered = {id(one) for order in orders for one in order.told}
        self._left = [one for one in self._left if id(one) not in ordered]
        if len(orders) > _FEW:
            yield _(
                "Inputs in another order: {names}", names=_names([order.name for order in orders])
            )
        else:
            yield from map(str, orders)
        gone = {_target(one): one for one in self._left if isinstance(one, d.TensorRemoved)}
        said: list[tuple[str, str]] = []
        for one in [*self._left]:
            was = gone.get(_target(one)) if isinstance(one, d.TensorAdded) else None
            if was is None or not isinstance(one, d.TensorAdded):
                continue
            route, before = one.route, was.route
            makers = {route.source.call, before.source.call}
            if len(makers) == 1 or route.block in makers:
                continue
            self._left.remove(one)
            self._left.remove(was)
            name = route.target.call.new
            new, old = route.source.call.new, before.source.call.new
            told = _(
                "{name} takes what {new} makes, took what {old} made", name=name, new=new, old=old
            )
            said.append((name, told))
        if len(said) > _FEW:
            names = _names([*dict.fromkeys(name for name, _told in said)])
            yield ngettext(
                "{number} input takes another tensor: {names}",
                "{number} inputs take another tensor: {names}",
                len(said),
                names=names,
            )
        else:
            yield from (told for _name, told in said)

    def _shared(self) -> Iterator[str]:
        for one in self._take(d.SharingChanged):
            name = one.place.new
            if one.after is None:
                other = one.before or ""
                yield _("{name} shares its weights with {other} no more", name=name, other=other)
            else:
                yield _("{name} shares its weights with {other}", name=name, other=one.after)


def _come_or_gone(what: str, run: Run, after: str | None) -> Statement:
    if run.change is Change.ADDED:
        alone, placed = _("{what} added", what=what), N_("{what} added after {name}")
    else:
        alone, placed = _("{what} removed", what=what), N_("{what} removed after {name}")
    return Statement(run.change, alone if after is None else _(placed, what=what, name=after))


def _moved(one: d.CallMoved) -> str:
    if one.after is None:
        return _("{name} moved", name=one.place.new)
    return _("{name} moved: after {other}", name=one.place.new, other=one.after)


def _renamed(found: Sequence[d.CallRenamed]) -> Iterator[str]:
    said = [f"{one.place.old} → {one.place.new}" for one in found]
    if len(found) > _FEW:
        names = _names(said)
        yield ngettext(
            "{number} renamed: {names}", "{number} renamed: {names}", len(found), names=names
        )
    else:
        for one in found:
            yield _("{old} renamed to {new}", old=one.place.old, new=one.place.new)


def _names(said: Sequence[str]) -> str:
    return and_more(", ".join(said[:_TOLD]), len(said) - _TOLD)


def _is_of(one: d.Difference, key: str) -> TypeGuard[d.CallChanged]:
    """Whether the difference is one of that entry of a configuration."""
    return (
        isinstance(one, d.CallChanged)
        and one.aspect is d.Aspect.CONFIGURATION
        and one.keys[0] == key
    )


def _policy(value: Any) -> str:
    return "" if value is None else value_text(value)


def _shape(value: Any) -> str:
    """A shape without its batch dimension: ``28×28×1``."""
    if not isinstance(value, list | tuple):
        return str(value)
    return "×".join("?" if one is None else str(one) for one in value[1:]) or "()"


def _target(one: d.Difference) -> Any:
    if not isinstance(one, d.TensorAdded | d.TensorRemoved):
        return None
    return one.route.block, one.route.target, one.route.recurrent
