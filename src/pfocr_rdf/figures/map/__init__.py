"""A `Figure` becomes nodes of the graph."""
