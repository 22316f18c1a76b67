"""ModelGraph to pydot.Dot. Knows neither Keras nor Sphinx."""
