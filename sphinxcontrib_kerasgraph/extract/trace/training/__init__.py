"""A model's own training step, run in a graph of TensorFlow: data in, losses out."""
