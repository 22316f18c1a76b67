"""Code that uses TensorFlow itself, traced in a graph of TensorFlow."""
