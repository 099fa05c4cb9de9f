"""Numba kernels of the retail bank: dense records between the events of a life, and settlement.

Rows are structured: a row is one cache line, so that sorting by time moves whole rows.
"""
