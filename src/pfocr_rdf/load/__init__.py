"""Carry a release into a triple store, and prove that all of it has arrived.

stores    what each store takes, and where        address   where a store is, without its password
slices    files cut into bodies of a request      plan      which slice goes into which graph
transport requests, and who asks                  answers   what every other answer means
client    what a load asks of a store             journal   how far an earlier run has come
preflight what a store has before anything        staging   temporary graphs, and whose they are
          is sent                                 swap      the moment of `--replace`
verify    what the store says it has, in counts   recipe    which files a bulk loader gets
          and term by term                        bulk_loaders  the commands of each
loader    the load, composed of these
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
