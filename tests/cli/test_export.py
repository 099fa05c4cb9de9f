"""`simgen export` on the command line."""

import pytest
from toys.drives import small_drives

from simgen.formats import find_formats


@pytest.fixture
def drives():
    """The folder of a data set with sensors."""
    pytest.importorskip("PIL", reason="pictures are encoded by Pillow: extra [av]")
    return small_drives()


def test_export_writes_what_was_asked_for(simgen, drives, tmp_path):
    """Format and its parameters reach the folder, whose place is printed."""
    request = (f"dataset={drives}", "format=nuscenes", "format.version=v1.0-mini", "out=made")
    code, out, _ = simgen("export", *request)

    assert (code, out) == (0, f"{tmp_path / 'made'}\n")
    assert (tmp_path / "made" / "v1.0-mini" / "sample.json").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_the_folder_is_named_after_data_set_and_format(simgen, drives, tmp_path):
    """Without `out`, an export has a place of its own below exports/."""
    assert simgen("export", f"dataset={drives}/", "format=nuscenes", "quiet=true")[0] == 0

    assert (tmp_path / "exports" / "data_nuscenes" / "samples").is_dir()


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        (["dataset=x"], f"no format: give format=NAME, one of {', '.join(find_formats())}"),
        (["dataset=x", "format=nuscene"], "unknown format 'nuscene': did you mean nuscenes?"),
        (["format=kitti"], "no value for dataset: give dataset=VALUE"),
        (
            ["dataset=x", "format=kitti", "format.camra=x"],
            "unknown parameter format.camra: did you mean camera?",
        ),
        (
            ["dataset=x", "format=nuscenes", "format.keyframe_rate=0"],
            "keyframe_rate = 0.0 is out of bounds: must be > 0 and <= 100 1/s",
        ),
    ],
)
def test_a_wrong_request_ends_with_2_and_a_line(simgen, tmp_path, request_, line):
    """Nothing is written."""
    code, out, err = simgen("export", *request_)

    assert (code, out) == (2, "")
    assert err.startswith(f"simgen: {line}")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
