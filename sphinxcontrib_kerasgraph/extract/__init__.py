"""Keras to ModelGraph. The only folder that imports Keras; runs in the worker process."""
