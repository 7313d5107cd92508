"""What a release counts of itself."""
