"""Marks calls with what their author wants them to look like, before anything is folded.

Of the rules that match a call the most specific counts: see `_specificity`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import colors
from sphinxcontrib_kerasgraph.graph import CallKind, OwnKind, Style
from sphinxcontrib_kerasgraph.graph.configuration import field_of
from sphinxcontrib_kerasgraph.view.patterns import matches
from sphinxcontrib_kerasgraph.view.selection import Unmet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Kind, Marks, ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.styles import StyleRule

#: What labels have, beside fields of the configuration: the fact that is told anyway.
FACT = "fact"
_FIELD_ADVICE = (
    "What it tells otherwise is told. A field is an entry of its configuration, or one of fact, "
    "name, class_name, module, shape, dtype and params."
)
_WILD = frozenset("*?[")


def styled(graph: ModelGraph, options: DrawOptions) -> tuple[ModelGraph, tuple[Unmet, ...]]:
    """The graph with marks for colours, labels and highlights; and what is asked for in vain."""
    style, shows_trainable = options.style, options.label.show_trainable
    asked = (*style.style, *style.highlight, *options.label.show_config)
    if not asked and not shows_trainable:
        return graph, ()
    marker = _Marker(style.style, style.highlight, shows_trainable=shows_trainable)
    made = replace(graph, graph=marker.marked(graph.graph))
    unmet = [*marker.unmet()]
    calls = [call for _, call in graph.graph.walk()]
    unmet += [
        Unmet(name, option="show_config")
        for name in options.label.show_config
        if all(field_of(call, name) is None for call in calls)
    ]
    return made, tuple(unmet)


class _Marker:
    def __init__(
        self, rules: Sequence[StyleRule], highlight: Sequence[str], *, shows_trainable: bool
    ) -> None:
        self._rules = rules
        self._highlight = highlight
        self._shows_trainable = shows_trainable
        #: Colours of kinds that authors have made, by names.
        self._colors = {rule.kind: rule.color for rule in reversed(rules) if rule.color}
        self._matched: set[str] = set()
        self._highlighted: set[str] = set()
        #: By pattern and field, of labels: a class that hasn't it; empty once a call has it.
        self._lacking: dict[tuple[str, str], str] = {}

    def marked(self, graph: CallGraph, prefix: str = "") -> CallGraph:
        """The graph, and all that is inside."""
        return replace(graph, calls=tuple(self._call(call, prefix) for call in graph.calls))

    def unmet(self) -> Iterator[Unmet]:
        """The patterns that match nothing, the colors that aren't read, and fields there aren't."""
        for pattern in self._highlight:
            if pattern not in self._highlighted:
                yield Unmet(pattern, option="highlight")
        for rule in self._rules:
            if rule.pattern not in self._matched:
                yield Unmet(rule.pattern, option="style")
            if rule.unreadable:
                yield Unmet(rule.pattern, option="style", reason=rule.unreadable)
        for (pattern, field), class_name in self._lacking.items():
            if class_name:
                reason = f"{class_name} has no field {field!r}"
                yield Unmet(pattern, option="style", reason=reason, advice=_FIELD_ADVICE)

    def _call(self, call: Call, prefix: str) -> Call:
        path = prefix + call.id
        marks = self._marks(call, path)
        if call.body is not None:
            return replace(call, marks=marks, body=self.marked(call.body, f"{path}/"))
        return call if marks is call.marks else replace(call, marks=marks)

    def _marks(self, call: Call, path: str) -> Marks:
        marks = call.marks
        found = {one for one in self._highlight if matches(call, path, (one,))}
        if found:
            self._highlighted |= found
            marks = replace(marks, highlighted=True)
        if self._shows_trainable and call.trainable is not None:
            marks = replace(marks, frozen=not call.trainable)
        rule = self._rule(call, path)
        return marks if rule is None else replace(marks, style=self._style(rule, call))

    def _rule(self, call: Call, path: str) -> StyleRule | None:
        """The most specific of those that match; of several the first."""
        found = [rule for rule in self._rules if matches(call, path, (rule.pattern,))]
        self._matched.update(rule.pattern for rule in found)
        return max(found, key=lambda rule: _specificity(rule.pattern, call), default=None)

    def _style(self, rule: StyleRule, call: Call) -> Style:
        label = rule.label
        for field in rule.fields:
            if field == FACT or field_of(call, field) is not None:
                self._lacking[rule.pattern, field] = ""
            else:
                self._lacking.setdefault((rule.pattern, field), call.class_name)
                label = ""
        return Style(self._kind(rule, call), label)

    def _kind(self, rule: StyleRule, call: Call) -> Kind | None:
        known = {kind.value: kind for kind in CallKind}
        kind = known.get(rule.kind, call.kind)
        name = "" if rule.kind in known else rule.kind
        color = rule.color or (name and self._colors.get(name, ""))
        if color or name:
            return OwnKind(name, color and colors.readable(color), kind)
        return kind if rule.kind else None


def _specificity(pattern: str, call: Call) -> tuple[int, bool, int]:
    """How specific a pattern is that matches the call.

    A path is more so than the full name of a class, and that than the class alone; then what has no
    wildcards; then what is longer.
    """
    by_class = replace(call, attribute=None)
    of = 0 if matches(by_class, "", (pattern,)) else 2
    if not of and not matches(replace(by_class, module=""), "", (pattern,)):
        of = 1
    return of, not _WILD & set(pattern), len(pattern)
