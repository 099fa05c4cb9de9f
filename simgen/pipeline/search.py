"""search: how rare critical cases of a scenario are, and a file of cases to generate from."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from simgen.core import (
    SEARCH_DIGITS,
    Estimate,
    Found,
    RequestError,
    Scenario,
    Search,
    SearchPlan,
    Streams,
    find_domains,
    plain,
)
from simgen.pipeline.catalogue import load_scenario
from simgen.pipeline.seeds import check_seed
from simgen.storage.folders import Folder, open_folder
from simgen.storage.layout import LOCK, MANIFEST, RUN
from simgen.storage.manifest import configuration, differences, odd_place, read_object
from simgen.storage.words import assigned

CASES, RESULT, CARD = "cases.parquet", "search.json", "README.md"

_ESTIMATE = {
    **dict.fromkeys(("name", "doc"), str),
    **dict.fromkeys(("value", "low", "high"), int | float),
    **dict.fromkeys(("n_simulations", "n_found"), int),
    "n_alike": int | float | None,
}
_SHAPE = {"settings": dict, "estimates": [_ESTIMATE], "digest": str}
_DAMAGED = "is damaged: delete it, and the same command searches again"


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """What a search came to, and where it lies."""

    place: str
    estimates: tuple[Estimate, ...]
    digest: str  # the first digits of the SHA-256 of the cases' file

    @property
    def cases(self) -> str:
        """What the scenario's parameter `cases` takes: these cases, and no others."""
        return f"{self.place}@{self.digest}"

    @property
    def lines(self) -> list[str]:
        """What was found, and how to go on."""
        rows = [f"{x.value:.3g} [{x.low:.3g}, {x.high:.3g}]  {x.name}" for x in self.estimates]
        given = shlex.quote(assigned("scenario.cases", self.cases))
        return [*rows, f"{self.place}: read its README.md first; {given}"]


def search(
    scenario: Scenario[Any] | str,
    *,
    out: str | Path,
    seed: int = 0,
    plan: SearchPlan | None = None,
    name: str = "",
) -> SearchResult:
    """Look for critical cases; write them, and how rare they are, into a folder.

    The same call leaves a folder that is finished as it is.

    Args:
        scenario: a scenario, or the name of one of the catalogue, whose domain has a search for it.
        out: a folder for `cases.parquet`, `search.json` and `README.md`.
        seed: the same call writes the same bytes.
        plan: what is looked for, and how.
        name: of the scenario of the catalogue that a ready `scenario` was made from.

    Raises:
        RequestError: the scenario has no search, nothing was found, or the folder can't be used.
        RunError: the disk is full.
    """
    plan = plan or SearchPlan()
    if isinstance(scenario, str):
        name, scenario = scenario, load_scenario(scenario)
    seed = check_seed(seed)
    work, folder = search_of(scenario), open_folder(out)
    settings = {
        **configuration(scenario, name=name or type(scenario).__name__, seed=seed),
        "search": plain(plan),
    }
    held = _held(folder, settings)
    if held is None:
        held = _write(folder, settings, work(scenario, plan, Streams(seed)))
    estimates = tuple(
        Estimate(**{**about, "n_alike": float(about["n_alike"] or "nan")})
        for about in held["estimates"]
    )
    return SearchResult(place=str(out), estimates=estimates, digest=held["digest"])


def search_of(scenario: Scenario[Any]) -> Search:
    """The search of the scenario's class.

    Raises:
        RequestError: its domain offers none.
    """
    known = []
    for domain in find_domains().values():
        for schema, work in domain.searches.items():
            known.append(f"{domain.name}/{schema}")
            if isinstance(scenario, domain.schemas[schema]):
                return work
    raise RequestError(
        f"{type(scenario).__name__} can't be searched: scenarios of {', '.join(known)} can"
    )


def _held(folder: Folder, settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """The result of a finished search, None if there is none yet; refuses another search."""
    held = read_object(folder, RESULT, _DAMAGED)
    if held is None:
        # Cases or a lock without a result: a search was cut short while it wrote.
        begun = any(folder.size(name) is not None for name in (CASES, LOCK))
        is_data_set = any(folder.size(name) is not None for name in (MANIFEST, RUN))
        if is_data_set or (folder.exists() and not begun):
            raise RequestError(f"{folder.label} holds something else: give another out")
        return None
    if odd_place(held, _SHAPE) or any(one.keys() != _ESTIMATE.keys() for one in held["estimates"]):
        raise RequestError(f"{folder.label}/{RESULT} {_DAMAGED}")
    if changed := differences(held["settings"], settings):
        raise RequestError(
            f"{folder.label} holds another search: {changed[0]}: give another out, or delete it"
        )
    return held


def _write(folder: Folder, settings: Mapping[str, Any], found: Found) -> dict[str, Any]:
    """All files, and gives the result, whose own file comes last: then the search is finished."""
    sink = io.BytesIO()
    pq.write_table(found.cases, sink)
    estimates = [
        {**asdict(one), "n_alike": one.n_alike if one.n_found else None} for one in found.estimates
    ]
    digest = sha256(sink.getvalue()).hexdigest()[:SEARCH_DIGITS]
    result = {"settings": settings, "estimates": estimates, "digest": digest}
    with folder.claim():
        if held := _held(folder, settings):  # another search may have ended since
            return held
        folder.write(CASES, sink.getvalue())
        folder.write(CARD, _card(settings, found, digest).encode())
        folder.write(RESULT, (json.dumps(result, indent=1, allow_nan=False) + "\n").encode())
    return result


def _card(settings: Mapping[str, Any], found: Found, digest: str) -> str:
    """What a newcomer reads first."""
    name = settings["scenario"]["name"]
    lines = [
        f"# Cases of {name}",
        "",
        (
            f"Found by `simgen search scenario={name}`, seed {settings['seed']}. `{CASES}` has "
            f"{len(found.cases)} cases. `simgen generate scenario={name} "
            f"scenario.cases=<this folder>@{digest}` makes an episode of each, in this order, with "
            "its weight. What follows the @ begins the file's SHA-256: no other is taken for it."
        ),
        "",
        (
            "| how often, in nature | estimate | 95 % interval | simulations | of them critical | "
            "worth as many of plain Monte Carlo |"
        ),
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.name} | {one.value:.3g} | {one.low:.3g} to {one.high:.3g} | "
        f"{one.n_simulations:,} | {one.n_found:,} | "
        f"{f'{one.n_alike:,.0f}' if one.n_found else 'none found'} |"
        for one in found.estimates
    ]
    meanings = sorted({f"{one.name.partition(',')[0]}: {one.doc}." for one in found.estimates})
    lines += [
        "",
        *meanings,
        "",
        found.note,
        "",
    ]
    return "\n".join(lines)
