"""The report page of an evaluation: its scores, drawings and provenance put into words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simgen.core import leaves
from simgen.metrics import Metric, Score, find_metrics
from simgen.metrics.base import FAMILIES, Family
from simgen.metrics.slices import Slice
from simgen.pipeline.evaluation.advice import family_summaries, uses, warnings
from simgen.pipeline.evaluation.drawings import column_figures, model_figures, pair_figures, span
from simgen.pipeline.evaluation.histories import frequency_figures, history_figures
from simgen.pipeline.evaluation.levels import level_of
from simgen.pipeline.evaluation.verdicts import Verdict
from simgen.pipeline.references import Reference
from simgen.pipeline.samples import Pair
from simgen.report import Chapter, Figure, Page, ScoreRow, Section, SliceRow

_CHAPTERS: Mapping[Family, str] = {
    "utility": "What a model learns from the synthetic rows.",
    "fidelity": "How alike the rows are: every column, every pair, every slice.",
    "coverage": "Whether all that is real is there.",
    "privacy": "Whether the synthetic rows give real ones away.",
}
_WIDEST = 1.5  # where the drawn scale of a metric without an upper end stops


@dataclass(frozen=True, kw_only=True)
class Findings:
    """All that an evaluation found out.

    Attributes:
        reference: the real data.
        manifest: the simulated data set's.
        pairs: the samples compared.
        scores: by sample and metric.
        ceilings: what one random half of the real rows scores against the other, likewise.
        slices: where each sample differs most, worst first.
        verdict: the scores in words.
        seed: of the metrics' own chance.
        few: by sample, the parts of scores that are not judged.
    """

    reference: Reference
    manifest: Mapping[str, Any]
    pairs: Sequence[Pair]
    scores: Mapping[str, Mapping[str, Score]]
    ceilings: Mapping[str, Mapping[str, Score]]
    slices: Mapping[str, Sequence[Slice]]
    verdict: Verdict
    seed: int
    few: Mapping[str, Collection[str]] = field(default_factory=dict)


def evaluation_page(findings: Findings) -> Page:
    """The page, ready to be rendered."""
    manifest, verdict = findings.manifest, findings.verdict
    measured = manifest.get("difficulty") or {}
    return Page(
        title=f"{manifest['scenario']['name']} against {findings.reference.title}",
        subtitle="simgen evaluation",
        headline=verdict.headline,
        level=verdict.level,
        families=family_summaries(findings.scores, findings.few),
        uses=uses(findings.scores, findings.few),
        warnings=warnings(findings.scores, findings.few),
        verdict=verdict.sentences,
        facts=_facts(manifest, findings.pairs),
        sections=[_section(findings, pair) for pair in findings.pairs],
        difficulty=_difficulty(measured),
        difficulty_text=_difficulty_text(measured),
        notes=findings.reference.notes,
        provenance=_provenance(findings.reference, manifest, findings.seed),
    )


def _facts(manifest: Mapping[str, Any], pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    facts = [("records simulated", f"{manifest['totals']['rows']:,}")]
    for pair in pairs:
        name = pair.view.name
        facts.append((f"simulated {name} compared", f"{pair.synthetic.n_rows:,}"))
        facts.append((f"real {name}", f"{pair.real.n_rows:,}"))
        if pair.synthetic.label is not None and pair.real.label is not None:
            for side, sample in (("simulated", pair.synthetic), ("real", pair.real)):
                mass = sample.weight.sum()
                share = sample.weight[sample.label].sum() / mass if mass > 0 else 0.0
                facts.append((f"rare {name}, {side}", f"{100 * share:.3f} %"))
    return facts


def _section(findings: Findings, pair: Pair) -> Section:
    kinds, scores = find_metrics(), findings.scores[pair.view.name]
    return Section(
        title=pair.view.name.replace("_", " ").capitalize(),
        doc=pair.view.doc,
        rows=f"{pair.real.n_rows:,} real and {pair.synthetic.n_rows:,} simulated rows.",
        chapters=[
            chapter
            for family in FAMILIES
            if (chapter := _chapter(findings, pair, family)).scores or chapter.figures
        ],
        undefined=[
            (kinds[name].title, score.reason)
            for name, score in scores.items()
            if score.value is None
        ],
    )


def _chapter(findings: Findings, pair: Pair, family: Family) -> Chapter:
    kinds, name = find_metrics(), pair.view.name
    scores, ceilings = findings.scores[name], findings.ceilings[name]
    return Chapter(
        title=family.capitalize(),
        doc=_CHAPTERS[family],
        scores=[
            _score_row(kinds[metric], score, ceilings[metric], findings.few.get(name, ()))
            for metric, score in scores.items()
            if kinds[metric].family == family and score.value is not None
        ],
        figures=list(_figures(findings, pair, family)),
        slices=[_slice_row(entry) for entry in findings.slices[name]]
        if family == "fidelity"
        else None,
    )


def _figures(findings: Findings, pair: Pair, family: Family) -> Iterator[Figure]:
    if family == "utility":
        yield from model_figures(findings.scores[pair.view.name].get("tstr"))
    if family == "fidelity":
        yield from column_figures(pair)
        yield from pair_figures(pair, findings.scores[pair.view.name].get("pair_dependence"))
        yield from history_figures(pair, findings.seed)
        yield from frequency_figures(findings.scores[pair.view.name].get("spectra"))


def _slice_row(entry: Slice) -> SliceRow:
    return SliceRow(
        conditions=entry.conditions,
        real_share=f"{100 * entry.real_share:.2f} %",
        synthetic_share=f"{100 * entry.synthetic_share:.2f} %",
        ratio=f"{entry.ratio:.2f}",
        interval=f"{entry.low:.2f} to {entry.high:.2f}",
    )


def _score_row(kind: type[Metric], score: Score, ceiling: Score, few: Collection[str]) -> ScoreRow:
    assert score.value is not None
    low = score.value if score.low is None else score.low
    high = score.value if score.high is None else score.high
    level = level_of(kind, score, few)
    return ScoreRow(
        title=kind.title,
        doc=kind.doc,
        value=f"{score.value:.3f}",
        interval=span(score.low, score.high),
        ceiling_value="" if ceiling.value is None else f"{ceiling.value:.3f}",
        direction="Higher is better." if kind.direction == "higher" else "Lower is better.",
        level=level,
        position=_place(kind, score.value),
        low=_place(kind, low),
        high=_place(kind, high),
        ideal=_place(kind, kind.ideal),
        ceiling=None if ceiling.value is None else _place(kind, ceiling.value),
        parts=[
            (
                name,
                f"{part['value']:.3f}",
                span(part["low"], part["high"]),
                "unknown" if level == "unknown" or name in few else kind.level(part["value"]),
            )
            for name, part in score.details.get("parts", {}).items()
        ],
        remarks=list(_remarks(score.details)),
    )


def _remarks(details: Mapping[str, Any]) -> Iterator[str]:
    """Why there is no interval, and what the metrics that train models have to say besides."""
    if reason := details.get("no_interval"):
        yield f"No interval: {reason}."
    if losses := details.get("area_lost_without"):
        columns = ", ".join(f"{name} {loss:.3f}" for name, loss in losses.items())
        yield f"Area lost when one column is shuffled: {columns}."
    if found := details.get("found_at_1_percent_false_alarms"):
        shares = ", ".join(f"{100 * s:.1f} % of {name}" for name, s in found.items() if s)
        yield f"Found at 1 % false alarms: {shares or 'none'}."
    if "prevalence" not in details:
        return
    prevalence = f"at {100 * details['prevalence']:g} % rare rows"
    for key, text in (
        ("average_precision", f"Average precision {prevalence}"),
        ("natural_average_precision", "Average precision at the real prevalence"),
        ("roc_auc", "Area under the ROC curve"),
        ("brier_score", f"Brier score {prevalence}"),
        ("calibration_error", f"Calibration error {prevalence}"),
    ):
        found = (
            f"{details[source][key]:.3f} ± {details[source][f'{key}_spread']:.3f} {named}"
            for source, named in details["sources"].items()
        )
        yield f"{text}: {', '.join(found)}."
    counts = ", ".join(f"{count:,} {name}" for name, count in details["rows"].items())
    yield f"Mean ± deviation over {details['splits']} splits of {counts}."


def _place(kind: type[Metric], value: float) -> float:
    first, last = kind.range[0], min(kind.range[1], _WIDEST)
    return min(1.0, max(0.0, (value - first) / (last - first)))


def _difficulty(measured: Mapping[str, Any]) -> list[tuple[str, str]]:
    texts = {
        "prevalence": "share of rare records",
        "single_record": "average precision from one record",
        "with_history": "average precision with its history",
        "n_rows": "records measured",
        "n_rare": "of them rare",
        "n_entities": "entities",
    }
    return [
        (
            f"{table}: {text}",
            f"{found[key]:,}" if isinstance(found[key], int) else f"{found[key]:.4f}",
        )
        for table, found in measured.items()
        for key, text in texts.items()
        if found.get(key) is not None
    ]


def _difficulty_text(measured: Mapping[str, Any]) -> str:
    if not measured:
        return "It was not measured for this data set."
    return " ".join(f"{table}: {found['verdict']}" for table, found in measured.items())


def _provenance(
    reference: Reference, manifest: Mapping[str, Any], seed: int
) -> dict[str, list[tuple[str, str]]]:
    scenario = manifest["scenario"]
    given = leaves(manifest.get("changed_parameters", {}))
    changed = [(name, str(value)) for name, value in given] or [("parameters", "as shipped")]
    versions = ", ".join(f"{name} {number}" for name, number in manifest["versions"].items())
    return {
        "Simulated data": [
            ("scenario", f"{scenario['name']}, version {scenario['version']}"),
            ("seed", str(manifest["seed"])),
            *changed,
            ("made with", versions),
        ],
        "Real data": [
            ("reference", reference.name),
            ("source", reference.source),
            ("licence", reference.licence),
            ("file", reference.file),
        ],
        "This page": [("seed of the metrics", str(seed))],
    }
