"""Ask a release: its triples, its index, its questions."""
