"""The data card, as a newcomer reads it."""

import re

import pytest
from toys.coin import Coin

from simgen.pipeline.generate import generate
from simgen.storage.card import card


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    place = tmp_path_factory.mktemp("data") / "coins"
    scenario = Coin(n_flips=50)
    return generate(scenario, out=place, seed=5, difficulty=False, quiet=True).manifest


def test_tells_what_it_is_and_how_it_was_made(manifest):
    """Scenario, seed and the call with what was changed."""
    text = card(manifest)

    assert text.startswith("# Coin\n\nCoins are flipped; one in ten is loaded, one in ten worn.\n")
    assert "import simgen\nfrom toys.coin import Coin\n\nsimgen.generate(" in text
    assert "simgen.generate(simgen.core.build(Coin, {'n_flips': 50}), seed=5" in text
    assert "simgen generate" not in text


def test_tells_the_call_and_the_command_of_a_named_scenario(manifest):
    """Nested changes are given as Python and as Hydra want them."""
    named = {
        **manifest,
        "scenario": {**manifest["scenario"], "name": "games/coin"},
        "changed_parameters": {"n_flips": 50, "table": {"sizes": [1, 2], "wood": "oak"}},
    }
    text = card(named)

    assert 'generate("games/coin", n_flips=50, table={' in text
    assert (
        "simgen generate scenario=games/coin seed=5 out=here scenario.n_flips=50 "
        "'scenario.table.sizes=[1, 2]' scenario.table.wood=oak" in text
    )


def test_a_class_of_a_script_is_not_imported(manifest):
    """Nobody else has it; the card says where it is."""
    scripted = {**manifest["scenario"], "class": "__main__.Coin"}
    text = card({**manifest, "scenario": scripted})

    assert "# Coin is a class of the script that made this data set.\n" in text
    assert "from __main__" not in text


def test_texts_of_a_command_are_quoted_for_hydra(manifest):
    """A place in a store has letters that Hydra reads as more than text."""
    named = {**manifest["scenario"], "name": "games/coin"}
    changed = {"cases": "s3://team/x?region=here@1234"}
    text = card({**manifest, "scenario": named, "changed_parameters": changed})

    assert """'scenario.cases="s3://team/x?region=here@1234"'""" in text


def test_tells_what_corrected_it(manifest):
    """Without the model the same call would make other tables."""
    residual = {"table": "calibrated_flips", "reference": "coins", "model": "transport"}
    residual |= {"digest": "0123456789abcdef", "privacy": "none.", "budget": None}
    named = {**manifest["scenario"], "name": "games/coin"}
    text = card({**manifest, "scenario": named, "residual": residual})

    assert 'out="here", residual="model")' in text
    assert "residual=fitted residual.path=model" in text
    assert "`calibrated_flips` was corrected with: the digest of its `card.json`" in text
    assert "with `0123456789ab`" in text


def test_tells_the_prevalence_with_and_without_weights(manifest):
    """One coin in ten is loaded; a loaded flip stands for a quarter of a flip."""
    expected = 0.1 * 0.25 / (0.1 * 0.25 + 0.9)

    said = re.search(r"a prevalence of (\S+) %; weighted, as in nature, (\S+) %", card(manifest))

    assert float(said[1]) == pytest.approx(10.0)
    assert float(said[2]) == pytest.approx(100 * expected, rel=1e-2)


def test_kinds_without_rows_are_left_out(manifest):
    """A kind may lie in the events alone, or have come to nothing."""
    table = next(name for name, about in manifest["tables"].items() if about["labels"])
    labels = {**manifest["tables"][table]["labels"], "n_by_kind": {"loaded": 5, "melted": 0}}
    tables = {table: {**manifest["tables"][table], "labels": labels}}
    text = card({**manifest, "tables": tables})

    assert "| `loaded` | 5 |" in text
    assert "melted" not in text.partition("## Difficulty")[0].partition("## Table")[0]

    labels["n_by_kind"] = {"melted": 0}
    assert "| event kind | rows |" not in card({**manifest, "tables": tables})


def test_lists_every_column(manifest):
    """Each with its unit, role and meaning."""
    text = card(manifest)

    for table in Coin.tables:
        for field in table.fields:
            assert f"| `{field.name}` |" in text
            assert field.doc in text
    assert "| `height` | double | m | feature | How high it flew. |" in text


def test_tables_are_whole_markdown(manifest):
    """No blank line within a table, and one on either side."""
    lines = card(manifest).splitlines()

    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if re.fullmatch(r"\|[-:|]+\|", line):
            assert before.startswith("|")
            assert after.startswith("|")
        if line.startswith("#"):
            assert before == after == ""


def test_shows_the_difficulty_if_it_was_measured(manifest):
    """Numbers and the remark that goes with them."""
    judged = {"with_history": 0.75, "single_record": None, "n_rows": 8000, "verdict": "Hard."}
    easy = {**judged, "with_history": 0.9, "n_rows": 20, "verdict": "Easy."}
    both = {name: {**one, "method": "Trees."} for name, one in (("flips", judged), ("bets", easy))}
    text = card({**manifest, "difficulty": both})

    assert "| measure | `flips` | `bets` |\n|---|---:|---:|\n" in text
    assert "| with history | 0.75 | 0.9 |\n" in text
    assert "| single record | undefined | undefined |\n" in text
    assert "| n rows | 8,000 | 20 |\n" in text
    assert "- `flips`: Hard.\n- `bets`: Easy.\n" in text
    assert "\n\nTrees.\n\n" in text
    assert "## Difficulty" not in card(manifest)
