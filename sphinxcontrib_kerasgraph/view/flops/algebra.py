"""Linear algebra and transforms whose number of steps the sizes decide."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.view.flops.leaf import Leaf, Rule, size, sizes
from sphinxcontrib_kerasgraph.view.flops.work import UnknownSizeError, Work

if TYPE_CHECKING:
    from collections.abc import Callable


def _of_matrix(operations: Callable[[int, int], float]) -> Rule:
    """From the numbers of rows and columns of each matrix."""

    def counted(leaf: Leaf) -> Work:
        *others, rows, columns = sizes(leaf.taken)
        return Work(math.prod(others) * round(operations(rows, columns)))

    return counted


def _solved(leaf: Leaf) -> Work:
    """By a factorization, and two triangles for each column."""
    return _of_matrix(lambda rows, _: 2 * rows**3 / 3)(leaf) + _triangle(leaf) * 2


def _triangle(leaf: Leaf) -> Work:
    rows = sizes(leaf.taken)[-1]
    return Work(rows * size(leaf.made))


def _norm(leaf: Leaf) -> Work:
    """A square and a sum, or a magnitude and a comparison; the others look for eigenvalues."""
    order, axes = leaf.config.get("ord"), leaf.config.get("axis")
    if axes is None:  # of a matrix as a whole
        is_matrix = len(leaf.taken.shape) == 2
    else:
        is_matrix = isinstance(axes, list | tuple) and len(axes) > 1
    if order == "nuc" or (is_matrix and order in (2, -2)):
        raise UnknownSizeError
    return Work(2 * size(leaf.taken))


def _transformed(axes: int, half: float = 1.0) -> Rule:
    """A fast Fourier transform along the last axes: 5 N log₂ N, half of it for real numbers."""

    def counted(leaf: Leaf) -> Work:
        if leaf.config.get("fft_length") is not None:
            raise UnknownSizeError
        real = max((*leaf.inputs, *leaf.call.outputs), key=size)
        points = math.prod(sizes(real)[-axes:])
        each = round(half * 5 * points * math.log2(points)) if points > 1 else 0
        return Work(size(real) // points * each)

    return counted


OPERATIONS: dict[str, Rule] = {
    "Cholesky": _of_matrix(lambda rows, _: rows**3 / 3),
    "CholeskyInverse": _of_matrix(lambda rows, _: 2 * rows**3 / 3),
    "Det": _of_matrix(lambda rows, _: 2 * rows**3 / 3),
    "Slogdet": _of_matrix(lambda rows, _: 2 * rows**3 / 3),
    "Logdet": _of_matrix(lambda rows, _: rows**3 / 3),
    "LuFactor": _of_matrix(lambda rows, _: 2 * rows**3 / 3),
    "Inv": _of_matrix(lambda rows, _: 2 * rows**3),
    "Qr": _of_matrix(lambda rows, columns: 2 * rows * columns**2 - 2 * columns**3 / 3),
    "Solve": _solved,
    "SolveTriangular": _triangle,
    "Norm": _norm,
    "FFT": _transformed(1),
    "FFT2": _transformed(2),
    "IFFT2": _transformed(2),
    "RFFT": _transformed(1, 0.5),
    "IRFFT": _transformed(1, 0.5),
}
