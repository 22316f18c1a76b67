"""Drawings for web pages: compact SVG, and what is told of each of its boxes. Needs no Sphinx."""
