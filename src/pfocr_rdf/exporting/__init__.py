"""Figures become a release: here, on all cores, or on a cluster; and again."""
