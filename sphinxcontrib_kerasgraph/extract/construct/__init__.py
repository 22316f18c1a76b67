"""From a target to a Keras model: what it names is imported and called, or its file is read."""
