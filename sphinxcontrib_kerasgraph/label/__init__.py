"""What boxes say, as values: from them come the labels of DOT, their sizes, tooltips and texts."""
