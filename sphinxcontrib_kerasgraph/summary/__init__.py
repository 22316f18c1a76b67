"""A model as a table of its layers, as values: rows, columns and totals, for all that tells it."""
