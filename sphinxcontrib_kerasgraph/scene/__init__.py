"""A drawing as values: boxes, frames and wires, with all that is said on them; and its layout."""
