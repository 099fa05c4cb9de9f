"""The report and the review page in a real browser: Chromium, headless."""

import shutil
from threading import Thread

import pytest
from toys.evaluations import findings

from simgen.pipeline.evaluation.page import evaluation_page
from simgen.report import render
from simgen.report.review import Answers, Example, ReviewServer

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="there is no chromium on the PATH")
WIDE, NARROW = {"width": 1280, "height": 720}, {"width": 360, "height": 740}
N_EXAMPLES = 4
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="img" aria-label="{}"></svg>'


@pytest.fixture(scope="module")
def browser():
    """Chromium, one for all tests here."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=PROGRAM, args=flags)
        yield running
        running.close()


@pytest.fixture
def tab(browser):
    """Opens an address at a size; afterwards nothing may have been complained about or fetched."""
    pages, wrong = [], []

    def open_(address, size):
        page = browser.new_page(viewport=size)
        page.set_default_timeout(10_000)
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        allowed = (address, "data:")
        page.on("request", lambda r: r.url.startswith(allowed) or wrong.append(r.url))
        page.goto(address)
        pages.append(page)
        return page

    yield open_
    for page in pages:
        page.close()
    assert wrong == []


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The address of a report."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(evaluation_page(findings())))
    return path.as_uri()


def overflow(page):
    """How many pixels of the page lie beyond its right edge."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


class TestReport:
    """What `simgen evaluate` writes. Errors and requests are checked by the fixture."""

    def test_the_first_screen_holds_the_verdict(self, tab, report):
        """A manager need not scroll: headline, the four families, what to do and what not."""
        page = tab(report, WIDE)
        for chosen in (".headline", ".family", ".uses", ".warnings"):
            for box in page.locator(chosen).all():
                place = box.bounding_box()
                assert place["y"] + place["height"] <= WIDE["height"]
        assert page.locator(".family").count() == 4

    def test_every_drawing_has_words(self, tab, report):
        """Each is announced with a text of its own, and none of its letters is announced."""
        page = tab(report, WIDE)
        words = page.locator("[role=img]").evaluate_all("all => all.map(e => e.ariaLabel)")
        assert len(words) == page.locator("figure").count() > 10
        assert len(set(words)) == len(words)
        assert page.locator("img:not([alt]), svg:not([role=img] svg)").count() == 0

    def test_ids_are_unique(self, tab, report):
        """A link of the contents leads to one place."""
        page = tab(report, WIDE)
        ids = page.locator("[id]:not(svg *)").evaluate_all("all => all.map(e => e.id)")
        assert len(set(ids)) == len(ids)
        links = page.locator("nav a").evaluate_all("all => all.map(e => e.hash.slice(1))")
        assert set(links) <= set(ids)

    def test_the_narrow_screen_needs_no_sideways_scrolling(self, tab, report):
        """At 360 pixels, details open, nothing lies beyond the edge."""
        page = tab(report, NARROW)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert overflow(page) == 0

    def test_the_keyboard_reaches_contents_and_details(self, tab, report):
        """Tab goes through the contents in order to the details, and Enter opens them."""
        page = tab(report, WIDE)
        reached = []
        for _ in range(20):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.tagName"))
            if reached[-1] == "SUMMARY":
                break
        n_links = page.locator("nav a").count()
        assert reached == ["A"] * (n_links + 1) + ["SUMMARY"]
        page.keyboard.press("Enter")
        assert page.locator("details[open]").count() == 1


@pytest.fixture
def serve(tmp_path):
    """Starts the review of four examples in one folder, after ending the one that runs."""
    running = []

    def stop():
        for server, thread in running:
            server.shutdown()
            thread.join()
            server.server_close()
        running.clear()

    def start():
        stop()
        examples = [
            Example(picture=SVG.format(f"picture {i}"), is_real=i < N_EXAMPLES / 2)
            for i in range(N_EXAMPLES)
        ]
        answers = Answers(tmp_path / "review", {"n": N_EXAMPLES}, N_EXAMPLES)
        server = ReviewServer(examples, answers, title="Real?", doc="Look.", reviewer="anna")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((server, thread))
        return server

    yield start
    stop()


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def at(page, number):
    page.get_by_text(f"Example {number} of {N_EXAMPLES}", exact=True).wait_for()


class TestReview:
    """What `simgen review` serves."""

    def test_the_keyboard_is_enough(self, tab, serve):
        """R, S, 1 to 3, T, Escape and Enter judge; F finishes; the score is shown and stored."""
        server = serve()
        page = tab(server.address, WIDE)
        at(page, 1)
        assert page.get_by_label("picture 0").is_visible()
        press(page, "r", "3", "t")
        page.keyboard.type("sr 2")
        press(page, "Escape", "Enter")
        for number, keys in ((2, "r1"), (3, "s2"), (4, "r3")):
            at(page, number)
            press(page, *keys, "Enter")
        page.get_by_text("All examples are judged").wait_for()
        press(page, "f")
        page.get_by_text("anna judged 3 of 4 examples correctly: 75 %").wait_for()
        assert page.get_by_text("Example 1, real, taken for real: sr 2").is_visible()
        given = server.answers.given
        assert [given[i].is_real for i in range(4)] == [True, True, False, True]
        assert [given[i].sureness for i in range(4)] == [3, 1, 2, 3]
        assert server.answers.is_finished

    def test_an_answer_can_be_changed(self, tab, serve):
        """Back shows what was said, and the new answer replaces it."""
        server = serve()
        page = tab(server.address, WIDE)
        at(page, 1)
        press(page, "r", "3", "Enter")
        at(page, 2)
        press(page, "ArrowLeft")
        at(page, 1)
        assert page.locator("input[name=is_real]:checked").get_attribute("value") == "true"
        press(page, "s", "Enter")
        at(page, 2)
        assert not server.answers.given[0].is_real

    def test_a_review_goes_on_after_a_restart(self, tab, serve):
        """Another server on the same folder shows the first example without an answer."""
        page = tab(serve().address, WIDE)
        at(page, 1)
        press(page, "s", "2", "Enter")
        at(page, 2)
        restarted = serve()
        again = tab(restarted.address, WIDE)
        at(again, 2)
        (first,) = restarted.answers.given.values()
        assert (first.is_real, first.sureness) == (False, 2)

    def test_nothing_is_stored_unless_all_is_answered(self, tab, serve):
        """Without a verdict or a sureness the example stays until it has both."""
        server = serve()
        page = tab(server.address, WIDE)
        at(page, 1)
        press(page, "r", "Enter", "2", "Enter")
        at(page, 2)
        press(page, "3", "Enter", "s", "Enter")
        at(page, 3)
        given = server.answers.given
        assert [given[i].is_real for i in range(2)] == [True, False]
        assert [given[i].sureness for i in range(2)] == [2, 3]

    def test_the_narrow_screen_holds_it(self, tab, serve):
        """At 360 pixels nothing lies beyond the edge, and fingers can judge."""
        server = serve()
        page = tab(server.address, NARROW)
        at(page, 1)
        assert overflow(page) == 0
        page.get_by_role("radio", name="R real").click()
        page.get_by_text("rather sure").click()
        page.get_by_role("button", name="Store and go on").click()
        at(page, 2)
        assert server.answers.given[0].is_real
