"""When events first show in records."""

import numpy as np

from simgen.domains.industrial.kernels.traces import first_seen


def test_the_first_record_of_an_event_tells_when_it_shows():
    """Of several tables the earliest; an event without records is never seen."""
    first = np.full(4, np.inf)
    first_seen(np.array([-1, 2, -1, 0, 2]), np.arange(5.0), first)
    first_seen(np.array([1, 0, 2]), np.array([0.5, 2.5, 7.0]), first)

    assert first.tolist() == [2.5, 0.5, 1.0, np.inf]
