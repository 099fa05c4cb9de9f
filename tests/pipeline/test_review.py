"""review, on a small retail bank and a real log that is made up here."""

import json
import signal
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simgen.core import RequestError, Streams, find_domains
from simgen.pipeline.generate import generate
from simgen.pipeline.references import ENVIRONMENT, load_reference
from simgen.pipeline.review import review
from simgen.report.review import Answer, score_answers

N_CUSTOMERS = 120


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    """A simulated data set with some shoppers."""
    out = tmp_path_factory.mktemp("bank") / "data"
    sizes = {"n_customers": 200, "n_days": 60, "n_merchants": 1_000}
    return generate("fraud/retail_bank", out=out, quiet=True, difficulty=False, **sizes)


@pytest.fixture(autouse=True)
def log(tmp_path_factory, monkeypatch):
    """A log with the columns of CDNOW's: two purchases of every second customer, one of others."""
    folder = tmp_path_factory.mktemp("reference")
    monkeypatch.setenv(ENVIRONMENT, str(folder))
    chance = Streams(2).generator("log")
    customer = np.concatenate([np.arange(N_CUSTOMERS), np.arange(0, N_CUSTOMERS, 2)])
    day = np.concatenate([np.zeros(N_CUSTOMERS), np.full(N_CUSTOMERS // 2, 20)]).astype(int)
    rows = {
        "customer_id": [f"real-{number:05d}" for number in customer],
        "date": np.datetime64("1997-01-01", "us") + day.astype("timedelta64[D]"),
        "dollar_value": np.round(chance.lognormal(3, 0.5, len(day)), 2),
    }
    (folder / "fraud").mkdir()
    pq.write_table(pa.table(rows), folder / "fraud" / "cdnow_purchases.parquet")
    return folder


def post(server, path, content):
    request = urllib.request.Request(  # noqa: S310 - our own address
        server.address + path, json.dumps(content).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
        return json.load(answer)


def answers(server, right, n_asked=None):
    """Answers to the first examples; whether each is `right`."""
    for number, example in enumerate(server.examples[:n_asked]):
        said = {"example": number, "is_real": example.is_real == right, "sureness": 2}
        post(server, "answers", {**said, "remark": ""})


def expert(*, right=True, n_asked=None):
    """Someone who answers as soon as the page is there, then finishes or stops."""

    def opened(server):
        from threading import Thread  # noqa: PLC0415 - stands in for a person

        def work():
            answers(server, right, n_asked)
            if n_asked is None:
                post(server, "finish", {})
            else:
                server.shutdown()

        Thread(target=work).start()

    return opened


def seen(bank, out, **options):
    """The examples of a review, without judging any."""
    found = []

    def opened(server):
        found.extend(server.examples)
        expert(n_asked=0)(server)

    review(bank, "cdnow", out=out, opened=opened, **options)
    return found


def test_a_review_ends_with_its_score(bank, tmp_path):
    """Whoever is always right has 100 %, in the result and on disk."""
    found = review(bank, "cdnow", out=tmp_path, n=10, reviewer="anna", opened=expert())
    assert found.is_finished
    assert found.n_left == 0
    assert found.score.whole.value == 1.0
    assert json.loads(found.score_path.read_text())["whole"]["n_right"] == 10
    assert "anna judged 10 of 10 examples correctly" in found.score.headline


def test_answers_are_counted_by_what_is_true():
    """Whoever takes all for real is right of the real ones alone."""
    given = {n: Answer(example=n, is_real=True, sureness=2) for n in range(6)}

    score = score_answers(given, [True, True, False, False, True, True], reviewer="anna")

    rights = {name: (share.n_right, share.n_answers) for name, share in score.by_truth.items()}
    assert rights == {"real": (4, 4), "synthetic": (0, 2)}


def test_examples_are_balanced_blinded_and_drawn_alike(bank, tmp_path):
    """Half are real, in no order, and a picture holds neither an id nor the side."""
    examples = seen(bank, tmp_path, n=20)
    truth = [example.is_real for example in examples]
    assert sum(truth) == 10
    assert truth not in (sorted(truth), sorted(truth, reverse=True))
    for example in examples:
        assert example.picture.startswith("<svg")
        assert "real" not in example.picture
        assert "style=" not in example.picture  # the page's policy refuses it


def test_the_seed_decides_what_is_shown(bank, tmp_path):
    """The same seed shows the same, another one something else."""
    first, again, other = (
        seen(bank, tmp_path / name, n=10, seed=seed)
        for name, seed in (("one", 1), ("again", 1), ("two", 2))
    )
    assert first == again
    assert first != other


def test_a_stopped_review_goes_on(bank, tmp_path):
    """What was answered before counts; the score so far can be asked for."""
    first = review(bank, "cdnow", out=tmp_path, n=10, opened=expert(n_asked=4, right=False))
    assert (first.is_finished, first.n_left) == (False, 6)
    assert not first.score_path.exists()
    partial = review(bank, "cdnow", out=tmp_path, n=10, score=True)
    assert (partial.score.whole.n_answers, partial.score.whole.n_right) == (4, 0)
    assert partial.score_path.exists()
    last = review(bank, "cdnow", out=tmp_path, n=10, opened=expert())
    assert last.score.whole.n_right == 10


def test_a_review_that_is_open_is_not_served_twice(bank, tmp_path):
    """The score so far may be asked for meanwhile, by the same command: it serves nothing."""
    scored = []

    def opened(server):
        server.answers.give(Answer(example=0, is_real=True, sureness=1))
        with pytest.raises(RequestError, match="is open already"):
            review(bank, "cdnow", out=tmp_path, n=4)
        asked = {"out": tmp_path, "n": 4, "port": server.server_port, "score": True}
        scored.append(review(bank, "cdnow", **asked).score.whole.n_answers)
        expert()(server)

    assert review(bank, "cdnow", out=tmp_path, n=4, opened=opened).is_finished
    assert scored == [1]


def test_a_review_never_lands_among_the_files_of_a_data_set(bank):
    """Nor in a folder below."""
    for out in (Path(bank.label), Path(bank.label) / "events"):
        with pytest.raises(RequestError, match="holds a data set: give another out"):
            review(bank, "cdnow", out=out, n=4)


def test_a_finished_review_is_not_served_again(bank, tmp_path):
    """The same command tells the score."""
    review(bank, "cdnow", out=tmp_path, n=4, opened=expert())

    def never(_server):
        raise AssertionError

    assert review(bank, "cdnow", out=tmp_path, n=4, opened=never).score.whole.n_right == 4


def test_other_examples_need_another_folder(bank, tmp_path):
    """Answers to one seed's examples are never scored against another's."""
    review(bank, "cdnow", out=tmp_path, n=4, opened=expert(n_asked=1))
    with pytest.raises(
        RequestError, match="another review, which differs in examples: give another"
    ):
        review(bank, "cdnow", out=tmp_path, n=4, seed=1)


def test_a_view_without_a_picture_is_shown_as_tables(bank, tmp_path):
    """The columns that are compared, rounded alike, and nothing that names anyone."""
    reference = load_reference("cdnow")
    rows = seen_of(bank, reference, tmp_path, sample="customers")
    assert all(example.picture.startswith("<table>") for example in rows)
    assert "Purchases until the observation ends" in rows[0].picture
    assert not any("real-0" in example.picture for example in rows)


def seen_of(bank, reference, out, **options):
    found = []

    def opened(server):
        found.extend(server.examples)
        expert(n_asked=0)(server)

    review(bank, reference, out=out, n=4, opened=opened, **options)
    return found


def refused(bank, out, reference="cdnow", **options):
    """The line with which a review is refused; nothing is left behind."""
    with pytest.raises(RequestError) as caught:
        review(bank, reference, out=out, **options)
    assert not out.exists()
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"n": 3}, "n = 3 examples can't be half real: must be an even number >= 2"),
        ({"n": 0}, "n = 0 examples can't be half real: must be an even number >= 2"),
        ({"n": 200}, "n = 200 needs 100 examples of the real side, which has 60: must be <= 120"),
        ({"port": 70_000}, "port = 70000 is out of bounds: must be >= 0 and <= 65535"),
        ({"seed": -1}, "seed = -1 is out of bounds: must be >= 0"),
        (
            {"sample": "purchase"},
            "sample 'purchase' of cdnow can't be reviewed: did you mean purchases?",
        ),
    ],
)
def test_bad_requests(bank, tmp_path, options, line):
    """Each is one line with value, bound and remedy."""
    assert refused(bank, tmp_path / "out", **options) == line


def test_rows_that_stand_alone_are_no_examples(bank, tmp_path):
    """A single payment can't be judged: the line names what can be."""
    reference = load_reference("ulb_creditcard")
    alone = replace(reference, samples=(replace(reference.samples[0], entity=""),))
    line = refused(bank, tmp_path / "out", alone)
    assert "ulb_creditcard can't be reviewed" in line
    assert "cdnow" in line


def test_a_score_needs_answers(bank, tmp_path):
    """Nothing was said, so nothing is scored."""
    with pytest.raises(RequestError, match="holds no answers: review first"):
        review(bank, "cdnow", out=tmp_path, n=4, score=True)


@pytest.mark.parametrize("name", sorted(find_domains()))
def test_pictures_belong_to_views(name):
    """Each is named after a view of the domain, and sees columns that the view gives."""
    domain = find_domains()[name]
    for view, picture in domain.pictures.items():
        given = domain.view(view)
        if "*" in given:  # all columns of the table that scenarios with this view compare
            orders = [(kind.causal_order, kind) for kind in domain.schemas.values()]
            tables = [
                table.names
                for order, kind in orders
                for table in kind.tables
                if (order.view, order.table) == (view, table.name)
            ]
            given += " ".join(column for names in tables for column in names)
        assert all(column in given for column in (*picture.key, *picture.columns))
        assert not set(picture.key) & set(picture.columns)


def test_a_killed_command_loses_no_answer(bank, tmp_path):
    """What was acknowledged is there after SIGKILL, and the command line goes on from it."""
    program = Path(sys.executable).with_name("simgen")
    words = [program, "review", f"synthetic={bank.label}", "reference=cdnow", "n=6", "out=anna"]

    def start():
        return subprocess.Popen(
            [*words, "quiet=true"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
        )

    with start() as process:
        address = process.stdout.readline().strip()
        answer = {"example": 0, "is_real": True, "sureness": 1, "remark": "so round"}
        request = urllib.request.Request(  # noqa: S310 - our own address
            f"{address}answers", json.dumps(answer).encode(), {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - as above
        process.kill()
    with start() as process:
        address = process.stdout.readline().strip()
        with urllib.request.urlopen(f"{address}state", timeout=10) as found:  # noqa: S310 - as above
            assert json.load(found)["answers"] == {"0": answer}
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
