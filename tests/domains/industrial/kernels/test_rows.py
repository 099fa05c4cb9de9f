"""Rows of several machines, in order of time."""

import numpy as np

from simgen.domains.industrial.kernels.rows import rows_before


def test_each_row_follows_its_machines_last():
    """The first row of a machine follows nobody and stands for itself."""
    keys = np.array([12, 10, 12, 12, 10, 11])
    out = np.empty(len(keys), np.int64)
    rows_before(keys, 10, np.full(3, -1), out)

    assert out.tolist() == [0, 1, 0, 2, 1, 5]
