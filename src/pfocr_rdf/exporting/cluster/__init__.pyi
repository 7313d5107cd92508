from .on_dask import export_on_dask

__all__ = [
    "export_on_dask",
]
