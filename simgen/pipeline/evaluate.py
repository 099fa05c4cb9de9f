"""evaluate: a data set judged against real data, as numbers and as one page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from simgen.core import RequestError, Streams, look_up
from simgen.metrics import Metric, Sample, Score, find_metrics
from simgen.metrics.resampling import entity_codes, half
from simgen.metrics.slices import worst_slices
from simgen.pipeline.evaluation.levels import level_of
from simgen.pipeline.evaluation.page import Findings, evaluation_page
from simgen.pipeline.evaluation.verdicts import Verdict, judge, too_few
from simgen.pipeline.folders import make_folder, on_this_machine, outside_data_sets, write_text
from simgen.pipeline.references import Reference, load_reference
from simgen.pipeline.samples import Pair, take_samples
from simgen.pipeline.saying import tell
from simgen.pipeline.seeds import HIGHEST_OF_METRICS, check_seed
from simgen.report import render, render_markdown
from simgen.storage.reader import Dataset, open_dataset

SCORES, REPORT, SUMMARY = "scores.json", "report.html", "report.md"


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What `evaluate` found.

    Attributes:
        reference: the name of the reference.
        scores: by sample and metric.
        ceilings: what one random half of the real rows scores against the other, likewise.
        verdict: the scores in words.
        scores_path: the scores as JSON.
        report_path: the page.
    """

    reference: str
    scores: Mapping[str, Mapping[str, Score]]
    ceilings: Mapping[str, Mapping[str, Score]]
    verdict: Verdict
    scores_path: Path
    report_path: Path


def evaluate(
    synthetic: str | Path | Dataset,
    reference: str | Path | Reference,
    *,
    out: str | Path,
    seed: int = 0,
    metrics: Sequence[str] | None = None,
    quiet: bool = False,
) -> Evaluation:
    """Judge a simulated data set against real data, and write the scores and a report.

    Args:
        synthetic: a data set, or its folder.
        reference: one of `configs/reference`, by name, or one of your own, by its YAML's path.
        out: a folder for `scores.json`, `report.html` and `report.md`; earlier ones are replaced.
        seed: of the metrics' own chance; the same call gives the same scores.
        metrics: names of metrics; all but those that take long unless told.
        quiet: whether to tell nothing of the progress.

    Raises:
        RequestError: the data set, the reference, a metric or the folder can't be used.
        RunError: the disk is full.
    """
    folder = outside_data_sets(on_this_machine(out, "an evaluation goes into"))
    kinds = _metrics(metrics)
    seed = check_seed(seed, highest=HIGHEST_OF_METRICS)
    reference = load_reference(reference)
    reference.check_file()
    dataset = open_dataset(synthetic)
    pairs = take_samples(reference, dataset)  # before the folder is made: it may refuse
    make_folder(folder)
    findings = _compare(reference, dataset, pairs, kinds, seed=seed, quiet=quiet)
    write_text(folder / SCORES, json.dumps(_plain(findings), indent=1, allow_nan=False))
    page = evaluation_page(findings)
    write_text(folder / SUMMARY, render_markdown(page))
    write_text(folder / REPORT, render(page))
    return Evaluation(
        reference=reference.name,
        scores=findings.scores,
        ceilings=findings.ceilings,
        verdict=findings.verdict,
        scores_path=folder / SCORES,
        report_path=folder / REPORT,
    )


def _compare(
    reference: Reference,
    dataset: Dataset,
    pairs: Sequence[Pair],
    kinds: Mapping[str, type[Metric]],
    *,
    seed: int,
    quiet: bool,
) -> Findings:
    scores: dict[str, dict[str, Score]] = {}
    ceilings: dict[str, dict[str, Score]] = {}
    for pair in pairs:
        name, halves = pair.view.name, _halves(pair.real, seed)
        scores[name], ceilings[name] = {}, {}
        for place, (metric, kind) in enumerate(kinds.items(), start=1):
            if not quiet:
                tell(f"{reference.name}, {name}: {kind.title.lower()} ({place} of {len(kinds)})")
            scores[name][metric] = kind(seed=seed).compute(pair.real, pair.synthetic)
            ceilings[name][metric] = kind(seed=seed).compute(*halves)
    few = {pair.view.name: too_few(_held_out(pair.real), pair.synthetic) for pair in pairs}
    return Findings(
        reference=reference,
        manifest=dataset.manifest,
        pairs=pairs,
        scores=scores,
        ceilings=ceilings,
        slices={
            pair.view.name: worst_slices(_held_out(pair.real), pair.synthetic, seed=seed)
            for pair in pairs
        },
        verdict=judge(scores, few),
        seed=seed,
        few=few,
    )


def _held_out(real: Sample) -> Sample:
    """The real rows that no generator was fitted on."""
    return real if real.fitted is None else real.take(~real.fitted)


def _metrics(names: Sequence[str] | None) -> dict[str, type[Metric]]:
    known = find_metrics()
    if isinstance(names, str):
        raise RequestError(f"metrics = {names!r} is no list: give [{names!r}]")
    if names is None:
        return {name: kind for name, kind in known.items() if kind.by_default}
    if not names:
        raise RequestError(f"metrics is empty: name at least 1 of {', '.join(known)}")
    return {name: look_up("metric", name, known) for name in names}


def _halves(real: Sample, seed: int) -> tuple[Sample, Sample]:
    generator = Streams(seed).generator("real_halves")
    first = half(entity_codes(real.entity, real.n_rows), generator)
    return real.take(first), real.take(~first)


def _plain(findings: Findings) -> dict[str, Any]:
    """All that was found, as JSON would hold it."""
    kinds = find_metrics()
    samples = {
        pair.view.name: {
            "rows": {"real": pair.real.n_rows, "synthetic": pair.synthetic.n_rows},
            "scores": {
                metric: {
                    **score.plain(),
                    "level": level_of(kinds[metric], score, findings.few[pair.view.name]),
                    "too_few": sorted(
                        findings.few[pair.view.name] & score.details.get("parts", {}).keys()
                    ),
                    "ideal": kinds[metric].ideal,
                    "direction": kinds[metric].direction,
                    "real_halves": findings.ceilings[pair.view.name][metric].plain(),
                }
                for metric, score in findings.scores[pair.view.name].items()
            },
            "worst_slices": [asdict(entry) for entry in findings.slices[pair.view.name]],
        }
        for pair in findings.pairs
    }
    held, verdict = findings.manifest, findings.verdict
    return {
        "reference": findings.reference.name,
        "data_set": {key: held.get(key) for key in ("scenario", "seed", "versions", "difficulty")},
        "seed": findings.seed,
        "verdict": {
            "level": verdict.level,
            "headline": verdict.headline,
            "sentences": [sentence for _, sentence in verdict.sentences],
        },
        "samples": samples,
    }
