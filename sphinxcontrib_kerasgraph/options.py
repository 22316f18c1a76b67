"""Every option, declared once, as a field of a frozen dataclass.

The directive, conf.py, `model_to_dot` and the reference page derive from these declarations: the
field ``show_shapes`` is ``:show-shapes:`` on a page, ``kerasgraph_show_shapes`` in conf.py, and
``show_shapes=`` in Python. A field's `option_kinds.Kind` reads and checks its values in all of
these places.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.option_fields import (
    check_value,
    conf_name,
    declared,
    on_page,
    page_name,
    valid,
)
from sphinxcontrib_kerasgraph.option_kinds import (
    Choice,
    Columns,
    ConfigNames,
    Depth,
    Flag,
    Patterns,
    PositiveInt,
)
from sphinxcontrib_kerasgraph.settings import (
    BuildSettings,
    DiffOptions,
    FigureOptions,
    InsideOptions,
    ModelOptions,
    OldModelOptions,
    StyleOptions,
    SummaryOptions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


_FLAG = Flag()
_STYLE = StyleOptions()


@dataclass(frozen=True)
class LabelOptions:
    """What boxes say."""

    show_shapes: bool = declared(False, _FLAG, "Show the shapes of each call's inputs and outputs.")
    show_dtype: bool = declared(False, _FLAG, "Show the dtype of each call's outputs.")
    show_layer_names: bool = declared(
        True,
        _FLAG,
        "Show the name of each layer; in blocks and overviews where it isn't one that Keras made.",
    )
    show_layer_activations: bool = declared(
        False,
        _FLAG,
        "Show the activation of each layer that has one, linear ones and those of gates included.",
    )
    show_trainable: bool = declared(
        False, _FLAG, "Show whether each layer that has weights is trainable."
    )
    show_params: bool = declared(
        False, _FLAG, "Show the number of weights of each layer that has weights."
    )
    show_flops: bool = declared(
        False,
        _FLAG,
        "Show the floating-point operations that each call takes for one example, or for the "
        "batch if its size is fixed, from its shapes; of a closed block, those of all inside.",
    )
    show_config: tuple[str, ...] = declared(
        (),
        ConfigNames(),
        "Show these entries of the configuration of each layer that has them: ``kernel_size, "
        "strides``.",
    )


@dataclass(frozen=True)
class SelectOptions:
    """Which part of the model is drawn, and which of its blocks are open."""

    expand_nested: bool = declared(
        False,
        _FLAG,
        "Draw the models inside the model, at any depth, as frames around their calls.",
    )
    depth: int | str = declared(
        0,
        Depth(),
        "How many levels of blocks are open: nested models, composite layers, wrappers and control "
        "flow, drawn as frames around their calls.",
    )
    expand: tuple[str, ...] = declared(
        (),
        Patterns(),
        "Open these blocks, whatever the depth, and those that they are in. A pattern such as "
        "``encoder/*`` or ``TransformerBlock`` is compared with the path of a call, as its tooltip "
        "shows it, and with its class; ``*`` stands for any text.",
    )
    collapse: tuple[str, ...] = declared(
        (), Patterns(), "Leave these blocks closed, whatever the other options open."
    )
    group_names: bool = declared(
        False,
        _FLAG,
        "Make blocks of calls whose names begin alike, such as ``conv2_block1_*``. ``depth`` and "
        "``expand`` open them; ``collapse: conv2_block1`` makes one also without this option.",
    )
    from_: tuple[str, ...] = declared(
        (),
        Patterns(),
        "Draw the part of the model that begins with these calls, given by patterns as for "
        "``expand``.",
    )
    to: tuple[str, ...] = declared(
        (), Patterns(), "Draw the part of the model that ends with these calls, included."
    )
    hide: tuple[str, ...] = declared(
        (),
        Patterns(),
        "Leave out these calls, such as ``Dropout, *Normalization``, and join their neighbours.",
    )
    raw_operations: str = declared(
        "joins",
        Choice("joins", "all", "none"),
        "Which operations of TensorFlow are drawn where code uses TensorFlow itself: ``joins`` "
        "those that join data, weights included, or fork it; ``all`` also those of one tensor in "
        "and one out, such as ``tf.nn.relu``; or ``none``.",
    )

    @property
    def opens(self) -> bool:
        """Whether any block is to be open."""
        return self.expand_nested or self.depth != 0 or bool(self.expand)


@dataclass(frozen=True)
class FoldOptions:
    """Whether what is repeated is told once."""

    view: str = declared(
        "auto",
        Choice("auto", "full", "overview"),
        "``full`` draws every call as a box. ``overview`` draws what is repeated once, and "
        "straight chains as one box, in columns that fit the page. ``auto`` is ``full`` where that "
        "is read at ease: of 60 boxes at most, with text of 6 points on a page, or seen at once in "
        "HTML; and ``overview`` where it isn't, or where that halves the boxes.",
    )
    fold: str = declared(
        "auto",
        Choice("auto", "none", "exact", "loose"),
        "Draw what is repeated once, with ×N: ``exact`` what has the same layers and "
        "configuration, ``loose`` also what has the same structure, and shows what differs as a "
        "range or list. ``auto`` is ``none`` in a full view; in an overview it is ``exact``, or "
        "``loose`` where ``exact`` leaves too many boxes.",
    )


@dataclass(frozen=True)
class SimplifyOptions(FoldOptions):
    """How what is drawn is simplified."""

    fuse: str = declared(
        "auto",
        Choice("auto", "yes", "no"),
        "Draw a straight chain, such as Conv2D, BatchNormalization, ReLU, as one box with a row "
        "for each. ``auto`` is ``yes`` in an overview.",
    )

    @property
    def folds(self) -> bool:
        """Whether what is repeated is drawn once, however large the model is."""
        return self.view == "overview" or self.fold in {"exact", "loose"}


@dataclass(frozen=True)
class LayoutOptions:
    """How the drawing is laid out."""

    fit: str = declared(
        "auto",
        Choice("auto", "page", "column", "none"),
        "Break a long chain into columns side by side, so that the drawing fits the ``page`` of "
        "LaTeX, or the width of the text ``column`` in HTML. ``auto`` chooses by the output in an "
        "overview, and is ``none`` in a full view.",
    )
    columns: int | None = declared(
        None, Columns(), "The number of columns, where it isn't to be chosen by ``fit``."
    )
    shape: str = declared(
        "auto",
        Choice("auto", "none", "u"),
        "The shape of the network: ``u`` draws nested skips along a chain as a U, as papers draw a "
        "U-Net or a feature pyramid. ``auto`` does where that makes the better drawing, and has a "
        "lane for each resolution of a net that keeps several; ``none`` does neither.",
    )
    rankdir: str = declared(
        "TB", Choice("TB", "BT", "LR", "RL"), "The direction in which the drawing goes."
    )
    dpi: int | None = declared(
        None,
        PositiveInt(most=1200),  # of more Graphviz takes minutes, and then scales them down
        "Pixels an inch of bitmaps; Graphviz's own 96 if not given. SVG and PDF are not affected.",
    )
    splines: str = declared(
        "spline",
        Choice("spline", "ortho", "polyline", "curved", "line"),
        "How edges are drawn. Graphviz is known to fail with ``ortho`` on some deep models.",
    )
    layout: str = declared(
        "dot",
        Choice("dot", "neato", "fdp", "sfdp", "twopi", "circo", "osage"),
        "The layout engine of Graphviz. Open blocks need ``dot`` or ``fdp``.",
    )

    @property
    def is_sideways(self) -> bool:
        """Whether data goes to the right or left, so that columns are rows."""
        return self.rankdir in {"LR", "RL"}


@dataclass(frozen=True)
class DrawOptions:
    """What decides a drawing: the options of `keras.utils.model_to_dot`, and ours, in groups."""

    label: LabelOptions = LabelOptions()
    select: SelectOptions = SelectOptions()
    simplify: SimplifyOptions = SimplifyOptions()
    layout: LayoutOptions = LayoutOptions()
    style: StyleOptions = _STYLE

    def __post_init__(self) -> None:
        """Refuse what Graphviz leaves out without a word. Raises `Fault` ``option``."""
        engine = self.layout.layout
        if self.select.opens and engine not in {"dot", "fdp"}:
            raise Fault(
                "option",
                f"The layout {engine!r} can't draw frames around open blocks.",
                "Use 'dot' or 'fdp', or leave out {setting expand-nested}, {setting depth} and "
                "{setting expand}.",
            )
        if self.simplify.folds and engine != "dot":
            raise Fault(
                "option",
                f"The layout {engine!r} can't draw what is repeated in frames.",
                "Use 'dot', or {setting view=full} without {setting fold}.",
            )

    @staticmethod
    def has(name: str) -> bool:
        """Whether one of the groups has a field of that name."""
        return any(option.name == name for group in DRAWING for option in fields(group))

    @classmethod
    def of(cls, **values: Any) -> DrawOptions:
        """The options of these values, by the names of their fields, in Python's types.

        Raises `Fault` ``option`` for a wrong value, `TypeError` for a name that there isn't.
        """
        made = cls(*(_checked(group, values) for group in DRAWING))
        if values:
            raise TypeError(f"no options of drawings: {', '.join(values)}")
        return made


#: The groups of `DrawOptions`, in the order of its fields.
DRAWING: tuple[type[Any], ...] = (
    LabelOptions,
    SelectOptions,
    SimplifyOptions,
    LayoutOptions,
    StyleOptions,
)


G = TypeVar("G")

#: The options of the directive; all but those of a single diagram have a default in conf.py.
DIRECTIVE: tuple[type[Any], ...] = (*DRAWING, InsideOptions, FigureOptions, ModelOptions)
#: Those of the directive of tables.
SUMMARY: tuple[type[Any], ...] = (SelectOptions, FoldOptions, SummaryOptions, ModelOptions)
#: Those of the directive of two models.
DIFF: tuple[type[Any], ...] = (DiffOptions, *DIRECTIVE, OldModelOptions)
PER_DIAGRAM = frozenset(
    {"alt", "caption", "name", "from", "to", "columns", "show", "exclude"}
    | {option.name for option in fields(ModelOptions)}
)


def configurable() -> list[Field[Any]]:
    """The options that have a value in conf.py, in the order of the reference page."""
    groups = (*DIRECTIVE, SummaryOptions, DiffOptions, BuildSettings)
    return [option for group in groups for option in fields(group) if has_conf(option)]


def has_conf(option: Field[Any]) -> bool:
    """Whether the option has a value in conf.py."""
    name = conf_name(option)
    return bool(name) and name.removeprefix("kerasgraph_") not in PER_DIAGRAM


#: Is told of what is wrong with an option that isn't worth the drawing.
Tell: TypeAlias = "Callable[[Fault], None]"


def parse_options(
    group: type[G],
    given: Mapping[str, str],
    conf: Mapping[str, Any],
    written: str = ":{}:",
    tell: Tell | None = None,
) -> G:
    """The group's values: from the page, else from conf.py, else as declared.

    ``given`` maps names such as ``show-shapes`` to texts, ``conf`` names such as
    ``kerasgraph_show_shapes`` to checked values; ``written`` is how a name is written where the
    texts are from. Raises `Fault` ``option``, or tells of it and goes on without the text.
    """
    values = {}
    for option in fields(group):  # type: ignore[arg-type]  # a class with fields
        name = page_name(option)
        if conf_name(option) in conf:
            values[option.name] = conf[conf_name(option)]
        if name not in given:
            continue
        try:
            read = option.metadata["kind"].parse
            values[option.name] = valid(option, written.format(name), given[name], read)
        except Fault as fault:
            if tell is None:
                raise
            tell(fault)
    return group(**values)


def parse_drawing(
    given: Mapping[str, str],
    conf: Mapping[str, Any],
    written: str = ":{}:",
    tell: Tell | None = None,
) -> DrawOptions:
    """As `parse_options`, for all that decides a drawing. Raises `Fault` ``option``."""
    label, select, simplify, layout, style = (
        parse_options(group, given, conf, written, tell) for group in DRAWING
    )
    try:
        return DrawOptions(label, select, simplify, layout, style)
    except Fault as fault:
        if tell is None:
            raise
        tell(fault)
        # Which draws all that others can't.
        return DrawOptions(label, select, simplify, replace(layout, layout="dot"), style)


def texts_of_two(
    given: Mapping[str, str], targets: tuple[str, str], written: str = ":{}:"
) -> tuple[dict[str, str], dict[str, str]]:
    """The texts that each of two models is built with, by the names of `ModelOptions`.

    The first has those of `OldModelOptions`, and like the second those for both; but a file of
    JSON beside something else has none of these, since of a snapshot nothing is built. Raises
    `Fault` ``option``.
    """
    parse_options(OldModelOptions, given, {}, written)
    own = {
        option.name.removeprefix("old_"): page_name(option) for option in fields(OldModelOptions)
    }
    both = {name: given[name] for name in map(on_page, own) if name in given}
    old, new = (
        {} if _is_json(one) and not all(map(_is_json, targets)) else both for one in targets
    )
    stated = {on_page(name): given[named] for name, named in own.items() if named in given}
    return {**old, **stated}, dict(new)


def _is_json(target: str) -> bool:
    return target.strip().endswith(".json")


def _checked(group: type[G], values: dict[str, Any]) -> G:
    """The group's values among these, which are taken out."""
    given = {
        option.name: check_value(option, option.name, values.pop(option.name))
        for option in fields(group)  # type: ignore[arg-type]  # a class with fields
        if option.name in values
    }
    return group(**given)
