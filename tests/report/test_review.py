import http.client
import json
from threading import Thread

import pytest

from simgen.core import RequestError
from simgen.report.review import Answer, Answers, Example, ReviewServer, score_answers

SETTINGS = {"n": 4, "reviewer": "anna"}
TRUTH = [True, False, True, False]


def answer(example, *, is_real=True, sureness=2, remark=""):
    return Answer(example=example, is_real=is_real, sureness=sureness, remark=remark)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "review"


def opened(folder, settings=SETTINGS):
    return Answers(folder, settings, len(TRUTH))


class TestAnswers:
    """Kept on disk, one by one."""

    def test_answers_survive(self, folder):
        """What was given is there for whoever opens the folder next, the latest in force."""
        first = opened(folder)
        for given in (answer(0), answer(1, remark="odd"), answer(0, is_real=False)):
            first.give(given)
        assert opened(folder).given == {0: answer(0, is_real=False), 1: answer(1, remark="odd")}

    def test_a_torn_line_is_dropped(self, folder):
        """A write that was killed half way neither counts nor spoils the next one."""
        opened(folder).give(answer(0))
        with (folder / "answers.jsonl").open("ab") as file:
            file.write(b'{"example": 1, "is_r')
        again = opened(folder)
        assert list(again.given) == [0]
        again.give(answer(2))
        assert list(opened(folder).given) == [0, 2]

    def test_what_a_full_disk_left_spoils_no_later_answer(self, folder):
        """Half a line was refused; those given once there is room again are kept."""
        answers = opened(folder)
        answers.give(answer(0))
        with (folder / "answers.jsonl").open("ab") as file:
            file.write(b'{"example": 1, "is_r')
        for example in (1, 2):
            answers.give(answer(example))
        assert list(opened(folder).given) == [0, 1, 2]

    def test_only_one_takes_answers(self, folder):
        """A second one is refused, and afterwards goes on with what was answered."""
        first, second = opened(folder), opened(folder)
        with first.claim():
            first.give(answer(0))
            with pytest.raises(RequestError, match="is open already: go on or stop it"):
                second.claim().__enter__()
        with second.claim():
            assert list(second.given) == [0]

    def test_a_damaged_line_is_refused(self, folder):
        """It is named, and what to do."""
        opened(folder).give(answer(0))
        with (folder / "answers.jsonl").open("a") as file:
            file.write('{"example": 9, "is_real": true, "sureness": 1, "remark": ""}\n')
        with pytest.raises(RequestError, match=r"line 2 of .* is no answer .*: remove it"):
            opened(folder)

    def test_another_review_is_refused(self, folder):
        """Answers are never taken for those to other questions."""
        opened(folder)
        with pytest.raises(
            RequestError, match="holds another review, which differs in reviewer: give"
        ):
            opened(folder, {**SETTINGS, "reviewer": "bob"})

    def test_a_folder_that_cannot_be_is_refused(self, tmp_path):
        """A file can't be a folder."""
        (tmp_path / "file").write_text("")
        with pytest.raises(RequestError, match="give another out"):
            opened(tmp_path / "file")

    def test_finished_is_finished(self, folder):
        """Only once all is answered; afterwards nothing changes, also after a restart."""
        answers = opened(folder)
        with pytest.raises(ValueError, match="4 examples have no answer"):
            answers.finish()
        for example in range(4):
            answers.give(answer(example))
        answers.finish()
        assert opened(folder).is_finished
        with pytest.raises(ValueError, match="finished"):
            opened(folder).give(answer(0))


class TestScore:
    """How often the expert was right."""

    def test_shares_by_truth_and_sureness(self):
        """Everything is counted once in each."""
        given = {
            0: answer(0, sureness=3),
            1: answer(1, sureness=3, remark="odd"),
            2: answer(2, is_real=False, sureness=1),
            3: answer(3, is_real=False, sureness=3),
        }
        score = score_answers(given, TRUTH, reviewer="anna")
        assert (score.whole.n_right, score.whole.n_answers) == (2, 4)
        assert score.by_truth["real"].n_right == score.by_truth["synthetic"].n_right == 1
        assert [share.n_answers for share in score.by_sureness.values()] == [1, 0, 3]
        assert score.by_sureness["sure"].n_right == 2
        assert score.remarks == [(1, False, True, "odd")]
        assert "anna judged 2 of 4 examples correctly: 50 % (15 % to 85 %)" in score.headline

    @pytest.mark.parametrize(
        ("n_right", "meaning"), [(20, "can be told apart"), (10, "can't be told"), (0, "taken for")]
    )
    def test_the_headline_says_what_it_means(self, n_right, meaning):
        """Beyond chance, at chance, and below it."""
        truth = [True] * 20
        given = {i: answer(i, is_real=i < n_right) for i in range(20)}
        assert meaning in score_answers(given, truth, reviewer="anna").headline

    def test_wilsons_interval(self):
        """24 of 40: Wilson (1927), by hand 0.446 to 0.737."""
        given = {i: answer(i, is_real=i < 24) for i in range(40)}
        low, high = score_answers(given, [True] * 40, reviewer="anna").whole.interval
        assert (low, high) == pytest.approx((0.446, 0.737), abs=5e-4)


@pytest.fixture
def server(folder):
    """A review being served."""
    examples = [Example(picture=f"<svg>{i}</svg>", is_real=real) for i, real in enumerate(TRUTH)]
    with ReviewServer(
        examples, opened(folder), title="Real?", doc="Look.", reviewer="anna"
    ) as found:
        thread = Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def ask(server, path, content=None, *, token=None, headers=None):
    """Status, headers and body of a request."""
    line = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    address = f"/{server.token if token is None else token}/{path}"
    sent = {"Content-Type": "application/json", **(headers or {})}
    body = None if content is None else json.dumps(content)
    line.request("GET" if content is None else "POST", address, body, sent)
    answered = line.getresponse()
    text = answered.read().decode()
    line.close()
    return answered.status, answered.headers, text


class TestServer:
    """Who may ask what."""

    @pytest.mark.parametrize("path", ["", "state", "examples/0", "review.js"])
    @pytest.mark.parametrize("token", ["", "guessed", "x" * 32])
    def test_nothing_without_the_token(self, server, path, token):
        """Other users of the machine see neither page nor examples."""
        status, _, text = ask(server, path, token=token)
        assert status == 403
        assert "svg" not in text

    def test_no_answer_without_the_token(self, server):
        """Nor can they judge."""
        assert ask(server, "answers", vars(answer(0)), token="guessed")[0] == 403  # noqa: S106
        assert server.answers.given == {}

    @pytest.mark.parametrize(
        "headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}]
    )
    def test_other_sites_are_refused(self, server, headers):
        """Even with the token: a name that points here, or a page from elsewhere."""
        assert ask(server, "answers", vars(answer(0)), headers=headers)[0] == 403
        assert ask(server, "examples/0", headers=headers)[0] == 403

    def test_only_this_machine_is_listened_to(self, server):
        """The socket is bound to loopback."""
        assert server.server_address[0] == "127.0.0.1"

    def test_every_response_forbids_what_the_page_does_not_need(self, server):
        """Also refusals and pictures."""
        for path in ("", "state", "examples/1", "nothing"):
            headers = ask(server, path)[1]
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert headers["Cache-Control"] == "no-store"
            assert headers["Referrer-Policy"] == "no-referrer"

    def test_the_truth_is_told_at_the_end_only(self, server):
        """Until then no response depends on what is real."""

        def told():
            paths = ["state", *(f"examples/{i}" for i in range(4))]
            return [ask(server, path)[2] for path in paths]

        for example in (0, 2):
            ask(server, "answers", vars(answer(example)))
        before = told()
        real, server.examples = (
            server.examples,
            [Example(picture=e.picture, is_real=not e.is_real) for e in server.examples],
        )
        assert told() == before
        server.examples = real
        for n_answers, example in ((3, 1), (4, 3)):
            found = json.loads(ask(server, "answers", vars(answer(example)))[2])
            assert found == {"n_answers": n_answers}
        status, _, text = ask(server, "finish", {})
        assert status == 200
        assert json.loads(text)["whole"]["n_right"] == 2

    def test_an_early_end_is_refused(self, server):
        """The score would tell what is real."""
        status, _, text = ask(server, "finish", {})
        assert status == 400
        assert "4 examples have no answer" in text

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"example": 4}, "example must be"),
            ({"example": True}, "example must be"),
            ({"is_real": "yes"}, "is_real must be"),
            ({"sureness": 4}, "sureness must be"),
            ({"remark": "x" * 1_001}, "remark must be"),
            ({"more": 1}, "an answer has"),
        ],
    )
    def test_bad_answers_are_refused(self, server, change, reason):
        """Each with its reason, and nothing is stored."""
        status, _, text = ask(server, "answers", {**vars(answer(0)), **change})
        assert status == 400
        assert reason in json.loads(text)["error"]
        assert server.answers.given == {}

    @pytest.mark.parametrize(
        "headers", [{"Content-Type": "text/plain"}, {"Content-Length": "99999"}]
    )
    def test_forms_and_floods_are_refused(self, server, headers):
        """Only JSON, and not too much."""
        assert ask(server, "answers", vars(answer(0)), headers=headers)[0] == 400

    def test_a_port_in_use_is_refused(self, server):
        """In one line with a remedy."""
        with pytest.raises(RequestError, match="port=0 for any free one"):
            ReviewServer([], server.answers, title="", doc="", reviewer="", port=server.server_port)
