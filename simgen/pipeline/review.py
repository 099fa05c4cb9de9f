"""review: an expert says which examples are real, not knowing; the score says if they could."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Picture, RequestError, Streams, find_domains, suggest
from simgen.pipeline.folders import on_this_machine, outside_data_sets, write_text
from simgen.pipeline.references import (
    Reference,
    SampleView,
    find_references,
    load_reference,
)
from simgen.pipeline.samples import take_rows
from simgen.pipeline.seeds import check_seed
from simgen.report.review import Answers, Example, ReviewScore, ReviewServer, score_answers
from simgen.storage.reader import Dataset, open_dataset

SCORE = "score.json"
_MOST_ROWS = 200  # of one example, drawn as a table


@dataclass(frozen=True, kw_only=True)
class Review:
    """How far a review is.

    Attributes:
        score: of the answers given so far.
        n_left: examples without an answer.
        is_finished: whether the expert closed it.
        score_path: the score as JSON; written once it is finished, or asked for.
    """

    score: ReviewScore
    n_left: int
    is_finished: bool
    score_path: Path


def review(
    synthetic: str | Path | Dataset,
    reference: str | Path | Reference,
    *,
    out: str | Path,
    n: int = 40,
    sample: str | None = None,
    reviewer: str = "expert",
    seed: int = 0,
    port: int = 0,
    score: bool = False,
    opened: Callable[[ReviewServer], object] = lambda _server: None,
) -> Review:
    """Serve a review on this machine until it is finished or interrupted; the same call goes on.

    Args:
        synthetic: a data set, or its folder.
        reference: one of `configs/reference`, by name, or one of your own, by its YAML's path.
        out: a folder for the answers and `score.json`.
        n: how many examples; half are real.
        sample: which sample of the reference; the first whose rows form examples unless told.
        reviewer: who judges.
        seed: of the choice and order of the examples.
        port: where to serve; 0 for any free port.
        score: whether to score the answers given so far instead of serving.
        opened: called once with the server, before the first request is answered.

    Raises:
        RequestError: there are too few examples, nothing to judge, `out` or the port can't be
            used, or the review is being served already.
    """
    reference = load_reference(reference)
    if n < 2 or n % 2:
        raise RequestError(f"n = {n} examples can't be half real: must be an even number >= 2")
    if not 0 <= port <= 65_535:
        raise RequestError(f"port = {port} is out of bounds: must be >= 0 and <= 65535")
    seed = check_seed(seed)
    place = outside_data_sets(on_this_machine(out, "a review goes into"))
    view = _view(reference, sample)
    dataset = open_dataset(synthetic)
    picture = _picture(reference, view)
    examples = _examples(reference, dataset, view, picture, n=n, seed=seed)
    about = {"reference": reference.name, "sample": view.name, "n": n, "reviewer": reviewer}
    settings = {**about, "examples": _digest(examples)}
    answers = Answers(place, settings, n)
    if score and not answers.given:
        raise RequestError(f"{out} holds no answers: review first, without score=true")
    if not score and not answers.is_finished:
        title = f"Real or synthetic? {reference.title}"
        server = ReviewServer(
            examples, answers, title=title, doc=picture.doc, reviewer=reviewer, port=port
        )
        with server, answers.claim():
            opened(server)
            _serve(server)
    truth = [example.is_real for example in examples]
    found = Review(
        score=score_answers(answers.given, truth, reviewer=reviewer),
        n_left=len(examples) - len(answers.given),
        is_finished=answers.is_finished,
        score_path=Path(out) / SCORE,
    )
    if found.is_finished or score:
        write_text(found.score_path, json.dumps(found.score.plain(), indent=1))
    return found


def _serve(server: ReviewServer) -> None:
    try:
        server.serve_forever(poll_interval=0.05)
    except KeyboardInterrupt:
        return  # every answer is stored: stopping is no failure


def _view(reference: Reference, sample: str | None) -> SampleView:
    """The sample to judge; RequestError if there is none."""
    views = {view.name: view for view in reference.samples if _is_reviewable(reference, view)}
    if sample is None and views:
        return next(iter(views.values()))
    if sample in views:
        return views[sample]
    if views:
        hint = suggest(str(sample), views)
        raise RequestError(f"sample {sample!r} of {reference.name} can't be reviewed: {hint}")
    others = [
        name
        for name in find_references()
        if any(_is_reviewable(found, v) for found in [load_reference(name)] for v in found.samples)
    ]
    raise RequestError(
        f"reference {reference.name} can't be reviewed, as its rows form no histories: "
        f"take one of {', '.join(others) or 'none'}"
    )


def _is_reviewable(reference: Reference, view: SampleView) -> bool:
    return bool(view.entity) or view.view in _pictures(reference)


def _pictures(reference: Reference) -> Mapping[str, Picture]:
    domain = find_domains().get(reference.domain)
    return domain.pictures if domain else {}


def _picture(reference: Reference, view: SampleView) -> Picture:
    """The domain's own picture of the view, or else a table of the columns compared."""
    found = _pictures(reference).get(view.view)
    if found:
        return found
    columns = {column.name: column for column in view.columns if column.scored}

    def draw(rows: pa.Table, _shown: pa.Table) -> str:
        names = "".join(
            f'<th scope="col">{escape(c.doc)}{f" [{escape(c.unit)}]" if c.unit else ""}</th>'
            for c in columns.values()
        )
        lines = "".join(
            "<tr>" + "".join(f"<td>{escape(_text(row[name]))}</td>" for name in columns) + "</tr>"
            for row in rows.slice(0, _MOST_ROWS).to_pylist()
        )
        return f"<table><thead><tr>{names}</tr></thead><tbody>{lines}</tbody></table>"

    return Picture(doc=view.doc, key=(view.entity,), columns=tuple(columns), draw=draw)


def _text(value: Any) -> str:
    """Numbers to four digits: how they were rounded would tell where they come from."""
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _examples(
    reference: Reference,
    dataset: Dataset,
    view: SampleView,
    picture: Picture,
    *,
    n: int,
    seed: int,
) -> list[Example]:
    real, simulated = next(
        sides for taken, *sides in take_rows(reference, dataset) if taken.name == view.name
    )
    chance = Streams(seed).child("review")
    units = {column.name: column.unit for column in view.columns}
    known = {*real.column_names} & {*simulated.column_names}
    drawn = [name for name in picture.columns if name in known]
    parts: list[tuple[pa.Table, bool]] = []
    for rows, is_real in ((real, True), (simulated, False)):
        name = "real" if is_real else "simulated"
        chosen = _choose(rows, picture, n // 2, chance.generator(name), f"{name} side")
        parts += [(_with_units(part.select(drawn), units), is_real) for part in chosen]
    order = chance.generator("order").permutation(len(parts))
    shown = pa.concat_tables([part for part, _ in parts], promote_options="permissive")
    return [
        Example(picture=picture.draw(part, shown), is_real=is_real)
        for part, is_real in (parts[place] for place in order)
    ]


def _choose(
    rows: pa.Table, picture: Picture, n: int, chance: np.random.Generator, where: str
) -> Iterator[pa.Table]:
    """The rows of `n` examples, drawn by weight."""
    needed = {*picture.key, *(picture.stretch or ())[:1]}
    if absent := sorted(needed - {*rows.column_names}):
        raise RequestError(f"the {where} has no {absent[0]}, by which examples are told apart")
    codes = _codes(rows, picture)
    told, n_known = codes >= 0, int(codes.max(initial=-1)) + 1
    counts = np.bincount(codes[told], minlength=n_known)
    weights = rows["weight"].cast(pa.float64()).to_numpy()
    weight = np.bincount(codes[told], weights[told], n_known)
    held = np.flatnonzero((weight > 0) & (counts >= picture.fewest_rows))
    if len(held) < n:
        raise RequestError(
            f"n = {2 * n} needs {n} examples of the {where}, which has {len(held)}: "
            f"must be <= {2 * len(held)}"
        )
    mean = weight[held] / counts[held]
    for code in chance.choice(held, n, replace=False, p=mean / mean.sum()):
        yield rows.filter(pa.array(codes == code))


def _codes(rows: pa.Table, picture: Picture) -> npt.NDArray[np.int64]:
    """Which example each row belongs to `(n,)`, numbered from 0 in the order of the rows.

    -1 where it belongs to none.
    """
    columns = [rows[name].to_pylist() for name in picture.key]
    if picture.stretch:
        name, length = picture.stretch
        columns.append((rows[name].cast(pa.float64()).to_numpy() // length).tolist())
    known: dict[tuple[Any, ...], int] = {}
    return np.array(
        [
            -1 if None in values else known.setdefault(values, len(known))
            for values in zip(*columns, strict=True)
        ],
        np.int64,
    )


def _with_units(rows: pa.Table, units: Mapping[str, str]) -> pa.Table:
    """The rows, their fields with the unit that the reference states."""
    fields = [field.with_metadata({"unit": units.get(field.name, "")}) for field in rows.schema]
    return rows.cast(pa.schema(fields))


def _digest(examples: Sequence[Example]) -> str:
    """Names the examples and their order, so that answers are never taken for those to others."""
    content = json.dumps([(example.picture, example.is_real) for example in examples])
    return sha256(content.encode()).hexdigest()
