"""Carry a release into a triple store, and prove that all of it has arrived.

stores    what each store takes, and where        address   where a store is, without its password
slices    files cut into bodies of a request      plan      which slice goes into which graph
transport HTTP: authentication and retries        answers   what every other answer means
client    what a load asks of a store             journal   how far an earlier run has come
standing  what a store has before anything        staging   temporary graphs, and whose they are
          is sent                                 swap      the moment of `--replace`
proof     what the store says it has              samples   nodes that are read back whole
stored_terms  which terms count as the same       shown     how far it is, for people
recipe    which files a bulk loader gets          bulk_loaders  the commands of each
loader    the load, composed of these
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
