"""Hostile input, thousands of times: real pages, tables, archives and the like, mutated.

Each input goes through the commands that read such, in this process, and then all that is promised
of them is looked at. Run by `make torture`, a slice of it by `make test`.
"""
