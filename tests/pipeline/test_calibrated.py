"""The table of what a residual corrects."""

import pytest

from simgen import load_scenario
from simgen.core import RequestError
from simgen.pipeline.calibrated import calibrated_table
from simgen.pipeline.references import load_reference


def test_a_view_without_labels_makes_no_records():
    """What a corrected table needs of a reference's view is named."""
    reference = load_reference("backblaze")
    view = next(view for view in reference.samples if view.view == "backblaze_lives")
    with pytest.raises(RequestError, match=r"of backblaze lacks \['event_id', 'event_kind'"):
        calibrated_table(reference, view, load_scenario("industrial/disk_fleet"))
