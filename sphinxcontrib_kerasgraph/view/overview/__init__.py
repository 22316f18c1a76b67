"""Overviews: what is repeated is drawn once, straight chains as one box, parts apart."""
