"""One figure, from its page to its graph."""
