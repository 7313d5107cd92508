"""Asks a release from Python: rows for notebooks, and what pandas, polars, Arrow and networkx take."""
