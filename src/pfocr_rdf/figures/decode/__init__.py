"""Fields and rows become a `Figure`, and findings where they cannot."""
