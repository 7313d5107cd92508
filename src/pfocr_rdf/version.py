"""The version, below everything else: downloads and manifests name it."""

__version__ = "0.1.0"
