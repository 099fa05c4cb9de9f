"""Object stores, with a real S3 server on loopback."""

import shlex

import boto3
import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from moto.server import ThreadedMotoServer
from toys.coin import Coin

from simgen.core import RequestError, SearchPlan, Streams
from simgen.domains.driving import CutIn
from simgen.domains.driving.search.files import read_cases
from simgen.pipeline.executors import Processes, Serial
from simgen.pipeline.generate import generate
from simgen.pipeline.sealed import asked
from simgen.pipeline.search import search
from simgen.storage.folders import open_folder
from simgen.storage.reader import Dataset

SECRET = "hushhush"  # noqa: S105 - of a server that lives for one test


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    yield server.get_host_and_port()
    server.stop()


@pytest.fixture
def place(server, request):
    """The URI of an empty prefix."""
    host, port = server
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="user",
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="coins")
    options = f"scheme=http&endpoint_override={host}:{port}&region=us-east-1"
    return f"s3://user:{SECRET}@coins/{request.node.name.partition('[')[0]}?{options}"


def digests(data):
    return {
        part["path"]: part["sha256"]
        for table in data.manifest["tables"].values()
        for part in table["parts"]
    }


@pytest.mark.parametrize("executor", [Serial(), Processes(n_workers=2)])
def test_a_data_set_in_a_bucket_is_the_one_on_disk(place, tmp_path, executor):
    """Bytes, rows and views are the same wherever they lie."""
    place = place.replace("?", f"/{type(executor).__name__}?")
    scenario = Coin(n_blocks=3)
    here = generate(scenario, out=tmp_path / "here", difficulty=False, quiet=True)
    there = generate(scenario, out=place, difficulty=False, quiet=True, executor=executor)

    assert digests(there) == digests(here)
    assert there.damaged_parts() == []
    assert there.table("flips").equals(here.table("flips"))
    assert there.schema("flips") == here.schema("flips")
    count = "select count(*) from flips where side = 'heads'"
    assert there.connect().sql(count).fetchall() == here.connect().sql(count).fetchall()


def test_an_interrupted_upload_is_resumed(place):
    """Blocks with a journal object stay; the others are made."""
    whole = digests(generate(Coin(), out=place, difficulty=False, quiet=True))
    folder = open_folder(place)
    folder.delete("manifest.json")
    folder.delete(".simgen/journal.jsonl/00003.json")
    folder.delete("events/part-00005.parquet")
    with pytest.raises(RequestError, match="no finished data set"):
        Dataset(place)

    data = generate(Coin(), out=place, difficulty=False, quiet=True)

    assert digests(data) == whole
    assert data.manifest["timings"]["resumed_blocks"] == 6
    assert data.damaged_parts() == []


def test_credentials_are_never_written_or_shown(place):
    """Neither a file of the data set nor a message gives the secret away."""
    data = generate(Coin(n_blocks=1), out=place, difficulty=False, quiet=True)
    folder = open_folder(place)

    for name in ("manifest.json", "README.md", "croissant.json", ".simgen/run.json"):
        assert SECRET.encode() not in folder.read(name).to_pybytes()
    assert SECRET not in repr(data)
    with pytest.raises(RequestError) as refused:
        generate(Coin(n_blocks=2), out=place, difficulty=False, quiet=True)
    assert SECRET not in str(refused.value)
    assert "s3://coins/" in str(refused.value)


def test_what_is_drawn_or_exported_is_read_from_a_bucket(place):
    """Though its queries read no file of this machine."""
    data = generate(Coin(), out=place, quiet=True, difficulty=False)

    with asked(data) as ask:
        rows = ask("SELECT count(*) AS n FROM flips")
        with pytest.raises(RequestError, match="not as this simgen writes them"):
            ask("SELECT * FROM read_csv('/etc/hostname')")
    assert rows["n"].to_pylist() == [data.table("flips").num_rows]


def test_a_bucket_that_does_not_exist_is_refused(place):
    """The line names the place, not the secret."""
    with pytest.raises(RequestError, match="s3://nowhere/") as refused:
        generate(Coin(), out=place.replace("@coins", "@nowhere"), difficulty=False, quiet=True)
    assert SECRET not in str(refused.value)


def test_an_unknown_kind_of_place_is_refused():
    """The remedy is an example."""
    with pytest.raises(RequestError, match=r"can't open ftp://host/x .*s3://bucket/prefix"):
        open_folder("ftp://host/x")


def test_a_password_that_breaks_its_uri_is_not_told():
    """A slash in it should have been written %2F."""
    with pytest.raises(RequestError, match="can't open s3://coins/x ") as refused:
        open_folder("s3://user:sec/ret@coins/x")
    assert "ret@" not in str(refused.value)


def test_cases_that_a_search_left_in_a_bucket_are_generated_from(place, monkeypatch):
    """By the word that the search prints, with the digest and without."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "user")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    place = place.replace(f"user:{SECRET}@", "")
    plan = SearchPlan(n_simulations=1_000, n_cases=2)
    found = search(CutIn(), out=place, plan=plan)
    (word,) = shlex.split(found.lines[-1].rpartition("; ")[2])
    cases = OverridesParser.create().parse_override(word).value()
    there = f"{place.partition('?')[0]}/cases.parquet?{place.partition('?')[2]}"

    assert cases == found.cases
    setting = CutIn().setting(CutIn().prepare(Streams(0)))
    one = read_cases(cases, setting)
    for same in (place, there):
        assert [part.tolist() for part in read_cases(same, setting)] == [p.tolist() for p in one]
    for wrong in (f"{place}@12345678", place.replace("scheme=http&", "scheme=ftp&"), "ftp://x/y"):
        with pytest.raises(RequestError, match=r"cases = .* (can't be read|digest)"):
            read_cases(wrong, setting)
