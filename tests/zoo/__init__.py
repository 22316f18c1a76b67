"""Functions that build Keras models, for the tests and for the documentation's gallery."""
