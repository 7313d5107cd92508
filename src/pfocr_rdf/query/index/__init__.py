"""The words, names and numbers of a release, for search and suggestions."""
