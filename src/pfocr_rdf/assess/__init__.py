"""Judge a release: what it covers, what changed since another, how FAIR it is."""
