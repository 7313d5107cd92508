"""The library of questions: SPARQL that users of PFOCR really ask, one file each.

A question is a file of `queries/`: a header says what it asks and which parameters it takes,
and the SPARQL below runs as it is, in any editor, with the default values. `load_questions`
reads them, `bind` puts other values in, `hints` says which of them a release does not have,
`as_rdf` hands them to other editors.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
