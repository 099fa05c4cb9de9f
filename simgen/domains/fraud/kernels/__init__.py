"""Numba kernels of the retail bank: dense records between the events of a life, and settlement.

Rows are structured: a row is one cache line, so that sorting by time moves whole rows. The outer
loops let go of Python's lock (`nogil`): the thread that stores the block before goes on meanwhile.
"""
