"""How many floating-point operations a model takes in inference, from its shapes.

The convention is that of TensorFlow's profiler: a multiplication and an addition are an operation
each, so that a multiply-accumulate is two. So is each step of a function, such as ``relu`` or
``exp``, one operation for each element, which the profiler leaves out; `Work` keeps the two apart.
That is for one example, or for the batch where its size is fixed. What a layer of another library
takes isn't known, and stays so: `Amount.complete` tells whether a number is all there is.

- `rules` knows for each class of Keras how its calls are counted, from the tables of the modules
  beside it, and `uncounted` which aren't, and why;
- `totals` sums over the calls of a model, and over what is inside them.
"""

from sphinxcontrib_kerasgraph.view.flops.totals import (
    UNKNOWN,
    flops,
    model_flops,
    model_work,
    with_flops,
)

__all__ = ["UNKNOWN", "flops", "model_flops", "model_work", "with_flops"]
