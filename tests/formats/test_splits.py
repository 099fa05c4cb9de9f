"""Which drives of an export are for training."""

import pytest

from simgen.formats.drives import n_training


@pytest.mark.parametrize(
    ("n_drives", "val_share", "expected"),
    [(1, 0.2, 1), (2, 0.9, 1), (5, 0.2, 4), (3, 0.0, 3), (3, 1.0, 0)],
)
def test_the_last_share_is_for_validation_but_never_all_unless_asked(n_drives, val_share, expected):
    """One drive alone is for training."""
    assert n_training(range(n_drives), val_share) == expected
