"""portray: data sets in pictures, as their domain shows them, on one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from simgen.core import Domain, Illustration, RequestError, RunError, Source, find_domains
from simgen.report.figures.plots import plotted
from simgen.report.portrait import Portrait, PortraitChapter, render_portrait
from simgen.storage.reader import Dataset

PAGE = "portrait.html"


def portray(datasets: Mapping[str, str | Path | Dataset], *, out: str | Path) -> Path:
    """Draw data sets and write the page; those of one scenario class are drawn together.

    Args:
        datasets: what to show, by the name it gets in the drawings.
        out: a folder for the page; an earlier one is replaced.

    Returns:
        The page.

    Raises:
        RequestError: a data set can't be read, or its domain has no pictures of it.
        RunError: the page can't be written.
    """
    opened = {
        name: given if isinstance(given, Dataset) else Dataset(given)
        for name, given in datasets.items()
    }
    page = Path(out) / PAGE
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(render_portrait(_portrait(opened)), encoding="utf-8")
    except OSError as error:
        raise RunError(f"can't write {page} ({error.strerror}): choose another folder") from error
    return page


def _portrait(datasets: Mapping[str, Dataset]) -> Portrait:
    schemas: dict[tuple[str, str], dict[str, Dataset]] = {}
    for name, dataset in datasets.items():
        schemas.setdefault(_schema(dataset), {})[name] = dataset
    chapters = []
    for (domain, schema), some in schemas.items():
        with ExitStack() as stack:
            sources = {name: _source(one, stack) for name, one in some.items()}
            chapters += list(_chapters(find_domains()[domain].illustrations[schema], sources))
    return Portrait(
        title=", ".join(dict.fromkeys(d.manifest["scenario"]["name"] for d in datasets.values())),
        facts=[
            (f"rows: {name}", f"{dataset.manifest['totals']['rows']:,}")
            for name, dataset in datasets.items()
        ],
        chapters=chapters,
        provenance={name: _how(dataset.manifest) for name, dataset in datasets.items()},
    )


def _source(dataset: Dataset, stack: ExitStack) -> Source:
    """The data set, open until the stack is left."""
    connection = stack.enter_context(dataset.connect())
    return Source(
        parameters=dataset.manifest["scenario"]["parameters"],
        ask=lambda sql: connection.sql(sql).to_arrow_table(),
    )


def _chapters(
    illustrations: Sequence[Illustration], sources: Mapping[str, Source]
) -> Iterator[PortraitChapter]:
    for about in illustrations:
        plots = about.plot(sources)
        if plots:
            yield PortraitChapter(
                title=about.title,
                doc=about.doc,
                wide=[plotted(plot) for plot in plots if plot.is_wide],
                narrow=[plotted(plot) for plot in plots if not plot.is_wide],
            )


def _schema(dataset: Dataset) -> tuple[str, str]:
    """The names of the domain and of the schema that the data set is of."""
    wanted = dataset.manifest["scenario"]["class"]
    for domain in find_domains().values():
        for name in domain.illustrations:
            if wanted == _path(domain, name):
                return domain.name, name
    known = [f"{d.name}/{name}" for d in find_domains().values() for name in d.illustrations]
    raise RequestError(
        f"there are no pictures of {dataset.manifest['scenario']['name']}: "
        f"take a data set of {', '.join(known) or 'another domain'}"
    )


def _path(domain: Domain, schema: str) -> str:
    kind = domain.schemas[schema]
    return f"{kind.__module__}.{kind.__qualname__}"


def _how(manifest: Mapping[str, Any]) -> str:
    scenario = manifest["scenario"]
    changed = manifest["changed_parameters"]
    return f"{scenario['name']}, version {scenario['version']}, seed {manifest['seed']}" + (
        f", changed: {changed}" if changed else ""
    )
