"""A model's own code, run on symbolic tensors, so that each call that it makes is recorded."""
