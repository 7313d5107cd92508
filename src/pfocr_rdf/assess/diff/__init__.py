"""What differs between two releases: figures, facts, links of genes, names, counts.

Source: design/model.md; a release has no blank nodes, so its difference is one of sets.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
