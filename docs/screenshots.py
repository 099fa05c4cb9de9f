"""Takes pictures of pages for docs/evaluation.md and docs/retail-bank.md.

`python docs/screenshots.py REPORT.html PORTRAIT.html`

The report is one that `simgen evaluate` wrote, of nothing but figures, and the portrait one of the
retail bank by `simgen portray`. The examples under review are made up here on both sides: real rows
are shown in no documentation. Needs Chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import numpy as np
import pyarrow as pa
from playwright.sync_api import Browser, sync_playwright

from simgen.core import Streams
from simgen.domains.fraud.pictures import PICTURES
from simgen.report.review import Answers, Example, ReviewServer

TARGET = Path(__file__).parent / "pictures"
WIDE, NARROW = (1280, 720), (360, 740)  # [pixel]
N_EXAMPLES = 8


def main() -> None:
    """Take every picture."""
    report, portrait = (Path(name).resolve().as_uri() for name in sys.argv[1:3])
    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        take(browser, report, "report.png")
        take(browser, report, "report-narrow.png", size=NARROW)
        take(browser, report, "report-models.png", part="section:has(> h3#payments-utility)")
        take(browser, report, "report-columns.png", part="figure:has(figcaption:text('Amount'))")
        take(browser, report, "report-pairs.png", part="figure:has(figcaption:text('differ by'))")
        take(browser, portrait, "bank-ring.png", part="section:has(h2:text('A ring')) figure")
        take(browser, portrait, "bank-delays.png", part="section:has(h2:text('knows')) figure")
        with reviewing() as address:
            take(browser, address, "review.png", keys="s2")
            take(browser, address, "review-narrow.png", size=NARROW)
        browser.close()


def take(
    browser: Browser,
    address: str,
    name: str,
    *,
    size: tuple[int, int] = WIDE,
    part: str = "",
    keys: str = "",
) -> None:
    """A picture of the first screen, or of one part of the page, after some keys."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(address, wait_until="networkidle")
    for key in keys:
        page.keyboard.press(key)
    if part:
        page.locator(part).first.screenshot(path=TARGET / name)
    else:
        page.screenshot(path=TARGET / name)
    page.close()


@contextmanager
def reviewing() -> Iterator[str]:
    """The address of a review of made-up customers."""
    chance, picture = Streams(1).generator("customers"), PICTURES["cdnow"]
    customers = []
    for n_purchases in chance.integers(2, 9, N_EXAMPLES):
        days = np.sort(chance.integers(0, 180, n_purchases))
        customers.append(
            pa.table({"day": days, "relative_amount": chance.lognormal(0, 0.6, n_purchases)})
        )
    everyone = pa.concat_tables(customers)
    examples = [Example(picture=picture.draw(rows, everyone), is_real=False) for rows in customers]
    with tempfile.TemporaryDirectory() as folder:
        answers = Answers(Path(folder) / "review", {}, N_EXAMPLES)
        title = "Real or synthetic? Purchases at one online shop (CDNOW)"
        with ReviewServer(
            examples, answers, title=title, doc=picture.doc, reviewer="anna"
        ) as server:
            thread = Thread(target=server.serve_forever)
            thread.start()
            yield server.address
            server.shutdown()
            thread.join()


if __name__ == "__main__":
    main()
