"""From recorded calls to a CallGraph."""
