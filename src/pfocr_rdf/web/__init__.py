"""Show a release: pages, by a server or as a static site."""
