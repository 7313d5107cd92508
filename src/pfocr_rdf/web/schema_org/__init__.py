"""The schema.org JSON-LD of pages, after Google's Dataset rules and Bioschemas' profiles.

One function for each kind of page returns the object that stands in its script element.
`profiles` has what the profiles ask for, `parts` what pages share. Of the front matter of a
PFOCR checkout `block` has what its `schema-jsonld` should say, and `patch` writes it there.

Source: https://developers.google.com/search/docs/appearance/structured-data/dataset;
https://bioschemas.org/profiles/
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
