"""What is to be known of the place of a box to tell what it says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spot:
    """Where a box stands, and how close its rows do."""

    #: Whether several edges lead to it.
    joins: bool = False
    #: Whether data enters the model there, or leaves it.
    terminal: bool = False
    #: Whether it makes one of several outputs of the model.
    is_output: bool = False
    #: Whether what is repeated ends with it, so that a sign tells the shape.
    ends: bool = False
    #: Whether it is in an overview, block or ``call`` method, where names that Keras made say
    #: nothing.
    is_inside: bool = False
    #: Whether normalizations and activations stand in the row of what they follow, by their
    #: abbreviations: ``Conv2D 64 · 3×3 BN relu``.
    dense: bool = False
    #: Whether it is in an overview, whose boxes are small.
    is_compact: bool = False


#: Of a box that stands alone.
ANYWHERE = Spot()
