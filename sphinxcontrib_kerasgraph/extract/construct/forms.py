"""Shapes and dtypes to fill in, as far as the layers tell that arguments go to."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.trace.probe import uses_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinxcontrib_kerasgraph.extract.construct.parameters import Parameters
    from sphinxcontrib_kerasgraph.extract.trace.probe import Path, Uses

#: Of a tensor of which nothing is known.
_OTHER_DTYPE = "float32"
#: Layers that take whole numbers, and those that take text.
_WHOLE = (
    keras.layers.Embedding,
    keras.layers.IntegerLookup,
    keras.layers.CategoryEncoding,
    keras.layers.HashedCrossing,
)
_TEXT = (keras.layers.StringLookup, keras.layers.TextVectorization)
#: Layers that take a sequence of any length, of vectors.
_SEQUENCES = (
    keras.layers.RNN,
    keras.layers.Bidirectional,
    keras.layers.Conv1D,
    keras.layers.MultiHeadAttention,
    keras.layers.Attention,
    keras.layers.AdditiveAttention,
)


@dataclass(frozen=True)
class Form:
    """One tensor to be given."""

    #: As the author writes it, with dots for what isn't known.
    shape: str = "(…)"
    #: ``None`` where the usual one will do.
    dtype: str | None = None


#: A tensor, or a dict or list of such.
FormTree = Form | dict[str, "FormTree"] | list["FormTree"]


def forms_of(
    parameters: Parameters, literals: Mapping[str, Any], tensors: Iterable[str]
) -> dict[str, FormTree]:
    """What to give for these arguments, by their names."""
    names = list(tensors)
    given = dict(literals)
    for name in parameters.required:
        if name not in names:
            given.setdefault(name, parameters.sample(name))
    uses = uses_of(parameters.function, names, given)
    return {name: _form(uses, (name,)) for name in names}


def shape_text(tree: Any) -> str:
    """The shapes as the author writes them: of forms, and of what is given already."""
    match tree:
        case Form():
            return tree.shape
        case dict():
            return _written({key: shape_text(one) for key, one in tree.items()})
        case list():
            return f"[{', '.join(map(shape_text, tree))}]"
    return repr(tree)


def dtype_text(tree: FormTree) -> str | None:
    """The dtypes; ``None`` where the usual ones will do."""
    dtypes = {leaf.dtype for leaf in _leaves(tree)}
    if dtypes == {None} or not dtypes:
        return None
    return dtypes.pop() if len(dtypes) == 1 else _dtypes(tree)


def merged(form: FormTree, given: Any) -> FormTree:
    """The form, with the shapes that are given already.

    A key that isn't in the form is kept: the form may not know all. Not one that is nearly that of
    one which is.
    """
    if isinstance(form, Form):
        return form if given is None or isinstance(given, dict) else _filled(given, form.dtype)
    if isinstance(form, list):
        shapes = given if isinstance(given, list) else []
        known_shapes = itertools.zip_longest(form, shapes[: len(form)])
        return [merged(one, shape) for one, shape in known_shapes]
    known = given if isinstance(given, dict) else {}
    lacking = [key for key in form if key not in known]
    return {key: merged(one, known.get(key)) for key, one in form.items()} | {
        key: _filled(one)
        for key, one in known.items()
        if key not in form and not get_close_matches(key, lacking)
    }


def _filled(given: Any, dtype: str | None = None) -> FormTree:
    if isinstance(given, dict):
        return {key: _filled(one) for key, one in given.items()}
    return Form(shape_text(given), dtype)


def _dtypes(tree: FormTree) -> str:
    if isinstance(tree, Form):
        return f'"{tree.dtype or _OTHER_DTYPE}"'
    if isinstance(tree, list):
        return f"[{', '.join(map(_dtypes, tree))}]"
    return _written({key: _dtypes(one) for key, one in tree.items()})


def _written(items: Mapping[str, str]) -> str:
    filled = ", ".join(f'"{key}": {text}' for key, text in items.items())
    return f"{{{filled}}}"


def _leaves(tree: FormTree) -> Iterable[Form]:
    if isinstance(tree, Form):
        return [tree]
    inside = tree.values() if isinstance(tree, dict) else tree
    return [leaf for one in inside for leaf in _leaves(one)]


def _form(uses: Uses, path: Path) -> FormTree:
    if path in uses.keys:
        return {key: _form(uses, (*path, key)) for key in uses.keys[path]}
    if uses.items.get(path, 0) > 1:
        return [_form(uses, (*path, place)) for place in range(uses.items[path])]
    layer = uses.layers.get(path)
    if layer is None:
        return Form()
    if history.is_recorded(layer) and len(layer.inputs) == 1:
        (entry,) = layer.inputs
        dtype = str(entry.dtype)
        return Form(repr(tuple(entry.shape)[1:]), None if dtype == _OTHER_DTYPE else dtype)
    # Of an item of a dict there is mostly one for each example, of an argument a sequence.
    one = "()" if len(path) > 1 and isinstance(path[-1], str) else "(None,)"
    if isinstance(layer, _TEXT):
        return Form("()", "string")
    if isinstance(layer, _WHOLE):
        return Form(one, "int32")
    return Form(_of_spec(layer))


def _of_spec(layer: keras.Layer) -> str:
    """The shape that the layer tells that it takes, and where nothing is told, dots."""
    spec = keras.tree.flatten(getattr(layer, "input_spec", None))
    first: Any = spec[0] if spec else None
    if getattr(first, "shape", None) is not None:
        return repr(tuple(first.shape)[1:])
    sizes = getattr(first, "ndim", None) or (getattr(first, "axes", None) and first.min_ndim)
    is_sequence = isinstance(layer, _SEQUENCES)
    if sizes is None or not sizes:
        return "(None, …)" if is_sequence else "(…)"
    found: list[str] = ["…"] * sizes
    for axis, size in (first.axes or {}).items():
        found[axis] = str(size)
    if is_sequence:
        found[1] = "None"
    return f"({', '.join(found[1:])}{',' * (sizes == 2)})"
