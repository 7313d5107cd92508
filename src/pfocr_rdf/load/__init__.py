"""Carry a release into a triple store, and prove that all of it has arrived.

stores    what each store takes, and where        recipe    the commands of bulk loaders
slices    files cut into bodies of a request      plan      which file goes into which graph
client    HTTP: authentication, retries, errors   journal   how far an earlier run has come
proof     what the store says it has              samples   nodes that are read back whole
swap      the moment of `--replace`               shown     how far it is, for people
loader    the load, composed of these
"""
