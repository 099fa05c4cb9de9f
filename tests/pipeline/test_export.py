"""An export is there whole or not at all."""

import json
import resource
import shutil
import signal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from toys.drives import small_drives

import simgen
from simgen.core import RequestError, RunError
from simgen.formats import find_formats
from simgen.pipeline.interrupts import Interrupted
from simgen.storage.local import LocalFolder

NUSCENES = find_formats()["nuscenes"]


@pytest.fixture
def drives():
    """The folder of a data set with sensors."""
    pytest.importorskip("PIL", reason="pictures are encoded by Pillow: extra [av]")
    return small_drives()


@pytest.fixture
def copy(drives, tmp_path):
    """A data set of one's own, to be damaged."""
    return shutil.copytree(drives, tmp_path / "data")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_export_says_where_it_comes_from(drives, tmp_path):
    """Scenario, seed and versions of the data set; format and its parameters."""
    out = simgen.export(drives, "nuscenes", out=tmp_path / "out", quiet=True, version="v1.0-mini")
    about = json.loads((out / "simgen.json").read_text())

    assert about["dataset"]["scenario"]["name"] == "driving/urban_traffic"
    assert about["dataset"]["seed"] == 3
    assert about["format"] == "nuscenes"
    assert about["parameters"]["version"] == "v1.0-mini"
    assert (out / "v1.0-mini").is_dir()
    assert names(tmp_path) == ["out"]


def test_a_data_set_that_is_open_is_exported(drives, tmp_path):
    """As its folder would be."""
    one = simgen.export(simgen.Dataset(drives), "coco", out=tmp_path / "one", quiet=True)
    two = simgen.export(drives, "coco", out=tmp_path / "two", quiet=True)

    files = [sorted(p.relative_to(out) for p in out.rglob("*")) for out in (one, two)]
    assert files[0] == files[1]


def test_a_folder_with_something_in_it_is_left_alone(drives, tmp_path):
    """Neither overwritten nor mixed with; an empty one is taken."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "empty").mkdir()

    with pytest.raises(RequestError, match=r"full is there already and not empty"):
        simgen.export(drives, "nuscenes", out=tmp_path / "full", quiet=True)
    simgen.export(drives, "nuscenes", out=tmp_path / "empty", quiet=True)

    assert names(tmp_path / "full") == ["mine.txt"]
    assert "samples" in names(tmp_path / "empty")


@pytest.mark.parametrize("damage", ["gone", "short"])
def test_a_damaged_raw_file_is_named(copy, tmp_path, damage):
    """The export fails in one line and leaves nothing, be it missing or too short."""
    victim = sorted((copy / "raw" / "front").glob("*_colour.jpg"))[3]
    victim.unlink()
    if damage == "short":
        victim.write_bytes(b"short")

    with pytest.raises(RequestError, match=rf"raw/front/{victim.name} is missing or damaged"):
        simgen.export(copy, "nuscenes", out=tmp_path / "out", quiet=True)

    assert names(tmp_path) == ["data"]


@pytest.mark.parametrize("links", [True, False])
def test_files_from_elsewhere_are_not_brought(copy, tmp_path, links):
    """A data set of somebody else's may name them, but gets none into an export."""
    (tmp_path / "secret.txt").write_text("secret")
    manifest = json.loads((copy / "manifest.json").read_text())
    for about in manifest["tables"]["sensor_files"]["parts"]:
        part = copy / about["path"]
        rows = pq.read_table(part)
        for name, value in {"path": "../secret.txt", "n_bytes": len("secret")}.items():
            place = rows.column_names.index(name)
            values = pa.array([value] * len(rows), rows.schema.field(name).type)
            rows = rows.set_column(place, rows.schema.field(name), values)
        pq.write_table(rows, part)
        about["bytes"] = part.stat().st_size
    (copy / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(RequestError, match=r"raw file '\.\./secret\.txt': must lie in a folder"):
        simgen.export(copy, "coco", out=tmp_path / "out", quiet=True, links=links)

    assert names(tmp_path) == ["data", "secret.txt"]


def test_an_unfinished_data_set_is_refused(copy, tmp_path):
    """Its manifest comes last."""
    (copy / "manifest.json").unlink()

    with pytest.raises(RequestError, match="no finished data set"):
        simgen.export(copy, "nuscenes", out=tmp_path / "out", quiet=True)


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        ({"to": "nuscene"}, "unknown format 'nuscene': did you mean nuscenes?"),
        ({"to": "nuscenes", "rate": 2.0}, "unknown parameter rate"),
        ({"to": NUSCENES(), "version": "v1"}, "version can't be given beside a ready format"),
        ({"to": "nuscenes", "out": "s3://bucket/out"}, "goes into a folder of this machine"),
        ({"to": "nuscenes", "dataset": "nowhere"}, "no finished data set in"),
    ],
)
def test_a_wrong_request_is_refused(drives, tmp_path, request_, line):
    """In one line, before anything is written."""
    with pytest.raises(RequestError, match=line.replace("?", r"\?")):
        simgen.export(**{"dataset": drives, "out": tmp_path / "out", **request_})

    assert names(tmp_path) == []


def test_a_refused_export_makes_no_folder_on_its_way(tmp_path):
    """Not those either in which its own was to lie."""
    bank = tmp_path / "bank"
    simgen.generate("fraud/retail_bank", out=bank, n_customers=20, n_days=5, quiet=True)

    with pytest.raises(RequestError, match="episodes"):
        simgen.export(bank, "kitti", out=tmp_path / "exports" / "bank", quiet=True)

    assert names(tmp_path) == ["bank"]


def test_two_exports_to_one_folder_do_not_mix(drives, tmp_path):
    """The second is told to wait; what a killed one left is cleared away."""
    aside = tmp_path / ".out.unfinished"
    with LocalFolder(aside).claim(), pytest.raises(RequestError, match="another run is writing"):
        simgen.export(drives, "nuscenes", out=tmp_path / "out", quiet=True)
    (aside / "v1.0-simgen").mkdir()
    (aside / "half.json").write_text("[")

    out = simgen.export(drives, "nuscenes", out=tmp_path / "out", quiet=True)

    assert names(tmp_path) == ["out"]
    assert names(out) == ["maps", "samples", "simgen.json", "sweeps", "v1.0-simgen"]


def test_an_interrupted_export_leaves_nothing(drives, tmp_path, monkeypatch):
    """A signal ends it after the scene at hand, in one line."""
    write = NUSCENES.write

    def signalled(self, source, target):
        for n_labels in write(self, source, target):
            signal.raise_signal(signal.SIGTERM)
            yield n_labels

    monkeypatch.setattr(NUSCENES, "write", signalled)
    with pytest.raises(Interrupted, match="nothing is left of the export"):
        simgen.export(drives, "nuscenes", out=tmp_path / "out", quiet=True)

    assert names(tmp_path) == []


def test_pictures_take_no_space_twice(drives, tmp_path):
    """They are the data set's own; points are not, for they are turned."""
    out = simgen.export(drives, "nuscenes", out=tmp_path / "out", quiet=True)
    n_links = {
        channel: {path.stat().st_nlink for path in (out / "samples" / channel).iterdir()}
        for channel in ("CAM_FRONT", "LIDAR_TOP")
    }

    assert min(n_links["CAM_FRONT"]) > 1
    assert n_links["LIDAR_TOP"] == {1}


def test_a_full_disk_ends_it_in_a_line(drives, tmp_path):
    """No file may grow beyond 100 kB here; nothing is left."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(
            RunError, match=r"can't write .*out \(File too large\): free some space"
        ):
            simgen.export(drives, "nuscenes", out=tmp_path / "out", quiet=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert names(tmp_path) == []


def test_a_place_that_cannot_be_written_is_told(drives, tmp_path):
    """A file where the folder's parent should be."""
    (tmp_path / "file").write_text("")

    with pytest.raises((RequestError, RunError), match="file"):
        simgen.export(drives, "nuscenes", out=tmp_path / "file" / "out", quiet=True)


@pytest.mark.parametrize("links", [True, False])
def test_a_link_to_a_file_elsewhere_is_not_brought(copy, tmp_path, links):
    """A data set of somebody else's may hold one; nothing is left of the export."""
    victim = sorted((copy / "raw" / "front").glob("*_colour.jpg"))[3]
    (tmp_path / "secret.jpg").write_bytes(victim.read_bytes())
    victim.unlink()
    victim.symlink_to(tmp_path / "secret.jpg")

    with pytest.raises(RequestError, match="is a link to what lies outside the folder raw"):
        simgen.export(copy, "nuscenes", out=tmp_path / "out", quiet=True, links=links)

    assert names(tmp_path) == ["data", "secret.jpg"]


def test_a_link_leads_to_the_folder_to_be_made(drives, tmp_path):
    """Be it an empty one or none yet."""
    (tmp_path / "empty").mkdir()
    for name in ("empty", "new"):
        (tmp_path / f"to_{name}").symlink_to(tmp_path / name)
        simgen.export(drives, "coco", out=tmp_path / f"to_{name}", quiet=True)

        assert (tmp_path / f"to_{name}").is_symlink()
        assert "simgen.json" in names(tmp_path / name)


def test_the_place_of_a_disk_is_refused_beforehand(drives):
    """No folder can take its name."""
    with pytest.raises(RequestError, match="is where a disk is mounted: choose a folder in it"):
        simgen.export(drives, "coco", out="/proc", quiet=True)


def test_the_same_export_again_is_done(drives, tmp_path):
    """As in a sweep that goes on; another request is refused."""
    out = simgen.export(drives, "coco", out=tmp_path / "out", quiet=True)
    before = (out / "simgen.json").stat().st_mtime_ns

    assert simgen.export(drives, "coco", out=tmp_path / "out", quiet=True) == out
    assert (out / "simgen.json").stat().st_mtime_ns == before
    for other in ({"to": "nuscenes"}, {"links": False}):
        with pytest.raises(RequestError, match="is there already and not empty"):
            simgen.export(drives, **{"to": "coco", "out": out, "quiet": True, **other})
