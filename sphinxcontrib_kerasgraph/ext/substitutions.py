"""Diagrams by substitutions, which docutils puts in the midst of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst.states import SubstitutionDef

from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from docutils.parsers.rst import Directive

#: What docutils refuses in the definition of a substitution.
_REFUSED = ("caption", "name")


def is_substitution(directive: Directive) -> bool:
    """Whether a directive defines what a substitution stands for."""
    return isinstance(directive.state, SubstitutionDef)


def without_refused(directive: Directive) -> list[Fault]:
    """Take out the options that a substitution can't have, and tell which there are."""
    options = directive.options
    # docutils gives images the name of the substitution. We make a text from the model.
    if options.get("alt") == directive.state.parent["names"][0]:
        del options["alt"]
    return [
        Fault(
            "option",
            f"A substitution can't have a ':{name}:'.",
            "Write the directive where the diagram is to be.",
        )
        for name in _REFUSED
        if options.pop(name, None) is not None
    ]


def defines(node: nodes.Node) -> bool:
    """Whether the node isn't shown itself, but where its substitution is."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.substitution_definition):
            return True
    return False


def stand_alone(node: nodes.Element) -> None:
    """Take a node out of the texts it is in: a paragraph is one before it and one after it."""
    parent = node.parent
    while isinstance(parent, nodes.TextElement):
        is_text = isinstance(parent, nodes.paragraph | nodes.Inline)
        (_divide if is_text else _put_behind)(parent, node)
        parent = node.parent


def _divide(parent: nodes.TextElement, node: nodes.Element) -> None:
    """Put the node in the place of its parent, of which a part stays before and one behind it."""
    at = parent.index(node)
    before, behind = parent.copy(), parent.copy()
    before += parent.children[:at]
    behind += parent.children[at + 1 :]
    behind["ids"], behind["names"] = [], []
    # docutils hands what led to the parent on to the first of these.
    parent.replace_self([*_with_content(before), node, *_with_content(behind)])


def _with_content(part: nodes.Element) -> list[nodes.Element]:
    has_content = part.astext().strip() or any(isinstance(one, nodes.Element) for one in part)
    return [part] if has_content else []


def _put_behind(parent: nodes.TextElement, node: nodes.Element) -> None:
    """Put the node behind a title or caption, or behind the whole list that a term is of."""
    place: nodes.Element = parent
    while isinstance(place, nodes.Part) and not isinstance(place, nodes.Body):
        place = place.parent
    parent.remove(node)
    place.parent.insert(place.parent.index(place) + 1, node)
