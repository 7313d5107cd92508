"""pfocr-rdf: pathway figures of PFOCR as linked data."""

__version__ = "0.1.0"
