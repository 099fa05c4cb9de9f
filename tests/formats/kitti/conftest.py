import pytest

import simgen


@pytest.fixture(scope="session")
def kitti(drives, tmp_path_factory):
    """The data set, exported."""
    out = tmp_path_factory.mktemp("kitti") / "out"
    return simgen.export(drives, "kitti", out=out, quiet=True)
