"""What files of others say of papers and terms: PubMed ids, names of MeSH, mappings."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
