"""The Sphinx shell: what happens in a Sphinx build, around the pure core."""
