"""Fail each system call of each command that writes, one at a time, and look at what is left."""
