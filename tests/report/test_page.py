import re
from dataclasses import replace
from html.parser import HTMLParser

from simgen.report import (
    Chapter,
    FamilySummary,
    Figure,
    Page,
    ScoreRow,
    Section,
    SliceRow,
    render,
    render_markdown,
)
from simgen.report.page import anchor

FIGURE = Figure(
    panels=("<svg></svg>", "<svg></svg>"),
    alt="Two empty drawings, which show nothing at all.",
    caption="Nothing",
)
SLICE = SliceRow(
    conditions="amount <= 5 | hour",
    real_share="10.00 %",
    synthetic_share="20.00 %",
    ratio="2.00",
    interval="1.50 to 2.60",
)
ROW = ScoreRow(
    title="Numbers",
    doc="Distance.",
    value="0.100",
    interval="0.050 to 0.150",
    ceiling_value="0.010",
    direction="Lower is better.",
    level="off",
    position=0.1,
    low=0.05,
    high=0.15,
    ideal=0.0,
    ceiling=0.01,
    parts=[("amount", "0.100", "0.050 to 0.150", "off")],
    remarks=["A remark."],
)
SECTION = Section(
    title="Payments",
    doc="Payments.",
    rows="5 real rows.",
    chapters=[
        Chapter(title="Fidelity", doc="How alike.", scores=[ROW], figures=[FIGURE], slices=[SLICE])
    ],
    undefined=[("Categories", "there is none")],
)
PAGE = Page(
    title="bank against ULB",
    subtitle="simgen evaluation",
    headline="Close.",
    level="close",
    families=[
        FamilySummary(
            title="Fidelity", question="Do rows look real?", level="off", answer="Somewhat."
        )
    ],
    uses=["Building software."],
    warnings=["Deciding anything."],
    verdict=[("close", "All is well."), ("far", "Nothing is.")],
    facts=[("records", "1,000")],
    sections=[SECTION],
    difficulty=[("prevalence", "0.2 %")],
    difficulty_text="Hard.",
    notes=["Bear this in mind."],
    provenance={"Real data": [("source", "somebody, https://example.org/data")]},
)


def page(**changes):
    return replace(PAGE, **changes)


class Elements(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Keep the tag."""
        self.found.append((tag, dict(attrs)))


def test_page_loads_nothing():
    """The page opens offline: no element and no style points anywhere outside of it."""
    html = render(page())
    for tag, attributes in Elements(html).found:
        assert tag != "link" or attributes["href"] == "data:,"  # else browsers ask for an icon
        assert tag not in {"script", "iframe", "object", "embed", "img"}
        for name, value in attributes.items():
            if not name.startswith("xmlns"):
                assert "//" not in (value or ""), (tag, name, value)
    assert not re.search(r"url\((?!#)|@import", html)


def test_every_figure_says_in_words_what_it_shows():
    """Someone who can't see a drawing gets a sentence with its numbers."""
    elements = Elements(render(page())).found
    drawings = [attributes for tag, attributes in elements if attributes.get("role") == "img"]
    assert len(drawings) == [tag for tag, _ in elements].count("figure") == 1
    assert all(len(attributes["aria-label"]) > 30 for attributes in drawings)


def test_names_are_escaped():
    """A name that looks like HTML is shown, not obeyed."""
    html = render(page(title="<script>alert(1)</script>"))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_levels_are_told_in_words():
    """A verdict never rests on colour alone."""
    html = render(page())
    assert "far off" in html
    assert "somewhat off" in html


def test_page_says_all_it_was_given():
    """Scores, parts, remarks, reasons, notes and provenance stand in the page."""
    html = render(page())
    for text in ("0.050 to 0.150", "A remark.", "there is none", "Bear this in mind.", "somebody"):
        assert text in html


def test_a_slice_is_shown_with_both_shares_and_its_ratio():
    """Where rows are too many or too few stands in the page and in the Markdown."""
    for text in (render(page()), render_markdown(page())):
        for told in ("10.00 %", "20.00 %", "2.00", "1.50 to 2.60"):
            assert told in text


def test_markdown_holds_verdict_and_scores():
    """Who reads it in a terminal knows what was found."""
    text = render_markdown(page())
    assert "**Close.**" in text
    assert "| somewhat off | Numbers | 0.100 | 0.050 to 0.150 | 0.010 |" in text
    assert "| mixed | Fidelity: Do rows look real? | Somewhat. |" in text
    assert "- Deciding anything." in text


def test_markdown_takes_no_name_for_markup():
    """A bar does not split a cell, a tag is no tag, emphasis is none."""
    text = render_markdown(page(title="<b>*x*</b>"))
    assert "# \\<b\\>\\*x\\*\\</b\\>" in text
    assert "| amount \\<= 5 \\| hour |" in text


def test_no_slice_is_said():
    """An empty table would leave open whether slices were looked for."""
    chapter = Chapter(title="Fidelity", doc="How alike.", scores=[], figures=[], slices=[])
    other = page(sections=[replace(SECTION, chapters=[chapter])])
    for text in (render(other), render_markdown(other)):
        assert "No slice was simulated too often or too seldom beyond chance." in text


def test_every_link_of_the_contents_leads_somewhere():
    """Each anchor is the id of one heading."""
    elements = Elements(render(page())).found
    targets = [about["href"][1:] for tag, about in elements if tag == "a"]
    ids = [about["id"] for _, about in elements if "id" in about]
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))
    assert anchor("Payments", "Fidelity") in ids
