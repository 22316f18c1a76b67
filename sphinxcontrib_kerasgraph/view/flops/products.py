"""Products of matrices: dense layers, einsum, matmul and their like."""

from __future__ import annotations

import math
from collections import Counter
from string import ascii_letters
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.view.flops.elementwise import activated, activation_of, elements_out
from sphinxcontrib_kerasgraph.view.flops.leaf import Leaf, Rule, last, size, sizes
from sphinxcontrib_kerasgraph.view.flops.work import NONE, UnknownSizeError, Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinxcontrib_kerasgraph.graph import Tensor


def finished(leaf: Leaf, *, bias: bool) -> Work:
    """A bias and an activation, for each element that comes out."""
    elements = size(leaf.made)
    return Work(elements * bias) + activated(activation_of(leaf), elements)


def _dense(leaf: Leaf) -> Work:
    products = Work(2 * last(leaf.taken) * size(leaf.made))
    return products + finished(leaf, bias=leaf.has("use_bias", default=True))


def _einsum_dense(leaf: Leaf) -> Work:
    (given, kernel), made = _equation(leaf, "equation")
    # All that the kernel has is in what comes in, or in what goes out.
    letters = _sizes_of([given, made], [leaf.taken, leaf.made])
    products = 2 * math.prod(letters[one] for one in {*given, *kernel, *made})
    elements = math.prod(letters[one] for one in made)
    bias = leaf.config.get("bias_axes") is not None
    return Work(products + bias * elements) + activated(activation_of(leaf), elements)


def _einsum(leaf: Leaf) -> Work:
    """As if the operands were joined one after the other."""
    name = "subscripts" if "subscripts" in leaf.config else "equation"
    terms, made = _equation(leaf, name)
    letters = _sizes_of(terms, leaf.inputs)
    work, joined = NONE, set(terms[0])
    if len(terms) == 1:
        return Work(size(leaf.taken) if joined - set(made) else 0)
    for place, term in enumerate(terms[1:], 2):
        involved = joined | set(term)
        joined = involved & {*made, *(one for later in terms[place:] for one in later)}
        is_sum = bool(involved - joined)
        work += Work((1 + is_sum) * math.prod(letters[one] for one in involved))
    return work


def _equation(leaf: Leaf, name: str) -> tuple[list[str], str]:
    """The letters of each operand, and of what comes out, without dots."""
    equation = leaf.config.get(name)
    if not isinstance(equation, str):
        raise UnknownSizeError
    taken, arrow, made = equation.replace(" ", "").partition("->")
    terms = taken.split(",")
    if not arrow:  # letters that are there once, in the order of the alphabet
        counts = Counter(taken.replace(",", "").replace(".", ""))
        made = "..." * ("..." in taken)
        made += "".join(sorted(one for one, times in counts.items() if times == 1))
    if "..." not in equation:
        return terms, made
    unused = [one for one in ascii_letters if one not in equation]
    ranks = [
        len(tensor.shape) - len(term.replace("...", ""))
        for term, tensor in zip(terms, leaf.inputs, strict=False)
        if "..." in term
    ]
    longest = max(ranks, default=0)
    if len(unused) < longest:
        raise UnknownSizeError
    dots = unused[:longest]
    rank = dict(zip([at for at, term in enumerate(terms) if "..." in term], ranks, strict=False))
    spelt = [
        term.replace("...", "".join(dots[longest - rank.get(at, longest) :]))
        for at, term in enumerate(terms)
    ]
    return spelt, made.replace("...", "".join(dots))


def _sizes_of(terms: Sequence[str], tensors: Iterable[Tensor]) -> dict[str, int]:
    """The size of each letter that any of the tensors knows; of what is broadcast, the largest."""
    found: dict[str, int] = {}
    for term, tensor in zip(terms, tensors, strict=True):
        for place, (letter, one) in enumerate(zip(term, tensor.shape, strict=True)):
            if one is not None or place == 0:  # one example of a batch that isn't known
                found[letter] = max(found.get(letter, 1), one or 1)
    return found


def _matmul(leaf: Leaf) -> Work:
    """For each element that comes out, as many products as it is a sum of."""
    first = leaf.taken.shape
    if len(first) > 1 and len(leaf.made.shape) > 1 and len(leaf.inputs[1].shape) > 1:
        # Either of the last two, if it is transposed.
        summed = sizes(leaf.taken)[-1] * sizes(leaf.taken)[-2] // sizes(leaf.made)[-2]
    else:
        summed = last(leaf.taken)
    return Work(2 * summed * size(leaf.made))


def _dot(leaf: Leaf) -> Work:
    if not all(tensor.shape for tensor in leaf.inputs[:2]):  # a number by which all are multiplied
        return Work(size(leaf.made))
    return Work(2 * last(leaf.taken) * size(leaf.made))


def _contracted(first: int, second: int, made: int) -> int:
    """The operations of a product of tensors of so many elements, and how many it has."""
    return 2 * math.isqrt(first * second * made)


def _tensordot(leaf: Leaf) -> Work:
    return Work(_contracted(size(leaf.taken), size(leaf.inputs[1]), size(leaf.made)))


def _dot_layer(leaf: Leaf) -> Work:
    """A product for each example; each vector of length one before, if that is asked for."""
    batch, *_ = sizes(leaf.taken)
    first, second, made = (size(one) // batch for one in (*leaf.inputs[:2], leaf.made))
    normalized = 3 * (first + second) * leaf.has("normalize")
    return Work(batch * (_contracted(first, second, made) + normalized))


def _both(leaf: Leaf) -> Work:
    return Work(2 * size(leaf.taken))


def _reversible(leaf: Leaf) -> Work:
    """The embedding itself moves data; the way back is a product."""
    if not leaf.has("reverse"):
        return NONE
    capped = Work(2, 1) if leaf.config.get("logit_soft_cap") is not None else NONE
    return Work(2 * last(leaf.taken) * size(leaf.made)) + capped * size(leaf.made)


def _distances(leaf: Leaf) -> Work:
    """A difference, a square and a sum for each feature, and a root."""
    return Work(3 * last(leaf.taken), 1) * size(leaf.made)


LAYERS: dict[str, Rule] = {
    "Dense": _dense,
    "EinsumDense": _einsum_dense,
    "Dot": _dot_layer,
    "ReversibleEmbedding": _reversible,
}
OPERATIONS: dict[str, Rule] = {
    "Matmul": _matmul,
    "Dot": _dot,
    "Inner": _dot,
    "Vdot": _both,
    "Tensordot": _tensordot,
    "Einsum": _einsum,
    "CDist": _distances,
    "Cross": elements_out(3),
}
