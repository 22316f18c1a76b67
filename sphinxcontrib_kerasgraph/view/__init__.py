"""ModelGraph to ModelGraph: what of a model is drawn. Knows neither Keras nor Sphinx."""
