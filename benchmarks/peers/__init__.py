"""Other ways to the graph of the exporter, for comparison only."""
