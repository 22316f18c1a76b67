"""What a view notes on a call or an edge, for labels, colours and pages to show.

Marks are made on the whole graph, before blocks are closed and repetitions folded, and travel
through all that follows. Extraction makes none, and snapshots hold none.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.wording import N_, _

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from sphinxcontrib_kerasgraph.graph.kinds import Kind


class Change(StrEnum):
    """What became of a call, an edge or a model between two models; in the order of telling.

    What is moved is drawn twice, removed and added, and what is renamed as changed: `Marks` have
    these three.
    """

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"
    RENAMED = "renamed"
    #: A tensor goes another way.
    WIRED = "wired"
    #: The model as a whole is another.
    MODEL = "model"

    @property
    def sign(self) -> str:
        """By which it is told without colours, in plain text too: ``+``, ``−``, ``⇄`` or ``±``."""
        return _SIGNS.get(self, "±")

    @property
    def words(self) -> str:
        """The same in words."""
        return _(_WORDS[self])


_SIGNS = {Change.ADDED: "+", Change.REMOVED: "−", Change.MOVED: "⇄", Change.WIRED: "⇄"}
_WORDS = {
    Change.ADDED: N_("added"),
    Change.REMOVED: N_("removed"),
    Change.MOVED: N_("moved"),
    Change.CHANGED: N_("changed"),
    Change.RENAMED: N_("renamed"),
    Change.WIRED: N_("connected otherwise"),
    Change.MODEL: N_("the model itself"),
}


@dataclass(frozen=True)
class Amount:
    """A number that sums over calls, of which a part may not be known."""

    known: int = 0
    #: Whether `known` is all of it.
    complete: bool = True

    @classmethod
    def sum(cls, amounts: Iterable[Amount]) -> Amount:
        """All together; complete if each is."""
        added = tuple(amounts)
        return cls(sum(one.known for one in added), all(one.complete for one in added))


@dataclass(frozen=True)
class Style:
    """How an author wants a call to look."""

    #: Whose colour it has; ``None`` for that of its own kind.
    kind: Kind | None = None
    #: What is told beside its class, with fields in braces; empty for what is told anyway.
    label: str = ""


@dataclass(frozen=True)
class Marks:
    """The marks of one call or edge."""

    #: Added, removed or changed.
    change: Change | None = None
    highlighted: bool = False
    #: Floating-point operations, those of all calls inside included: see `view.flops`.
    flops: Amount | None = None
    #: Whether training leaves its weights alone; ``None`` where it has none, or nobody asks.
    frozen: bool | None = None
    style: Style | None = None
    #: Whether what is added here, or removed, is elsewhere in the other model.
    moved: bool = False
    #: Whether it makes an output that was none, or is none any more: added or removed.
    output: Change | None = None

    @property
    def distinction(self) -> Hashable:
        """What calls must have in common to be drawn as one; numbers may differ as shapes do."""
        return self.change, self.highlighted, self.frozen, self.style, self.moved, self.output

    @property
    def told(self) -> Change | None:
        """What is said to have become of it."""
        return Change.MOVED if self.moved and self.change is not None else self.change

    @property
    def is_alone(self) -> bool:
        """Whether only one of two models has it."""
        return self.change in {Change.ADDED, Change.REMOVED}

    @classmethod
    def of_all(cls, marks: Iterable[Marks]) -> Marks:
        """The marks of what stands for several: changed if they don't agree."""
        several = tuple(marks)
        changes = {one.change for one in several}
        change = changes.pop() if len(changes) == 1 else Change.CHANGED
        flops = [one.flops for one in several if one.flops is not None]
        frozen = {one.frozen for one in several} - {None}
        styles = {one.style for one in several}
        return cls(
            change if several else None,
            any(one.highlighted for one in several),
            Amount.sum(flops) if flops else None,
            frozen == {True} if frozen else None,
            styles.pop() if len(styles) == 1 else None,
            bool(several) and all(one.moved for one in several),
        )


#: Of what isn't marked.
UNMARKED = Marks()
