"""portray: data sets in pictures, as their domain shows them: a page, and images beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from simgen.core import (
    Illustration,
    Image,
    Plot,
    RequestError,
    Source,
    find_domains,
    leaves,
)
from simgen.pipeline.catalogue import load_scenario, scenario_names
from simgen.pipeline.folders import on_this_machine, outside_data_sets, write_text, written
from simgen.pipeline.sealed import asked
from simgen.report.figures.plots import pictured, plotted
from simgen.report.portrait import Portrait, PortraitChapter, render_portrait
from simgen.storage.manifest import class_path
from simgen.storage.reader import Dataset, open_dataset

PAGE = "portrait.html"


def portray(
    datasets: Mapping[str, str | Path | Dataset] | str | Path | Dataset,
    *,
    out: str | Path,
    **choices: Any,
) -> Path:
    """Draw data sets and write the page; those of one scenario class are drawn together.

    Args:
        datasets: what to show, by the name it gets in the drawings; one alone is called as its
            folder.
        out: a folder for the page and the images that it shows; an earlier page is replaced.
        choices: what is to be seen, such as `episode=3`; None: what the domain finds telling.

    Returns:
        The page.

    Raises:
        RequestError: a data set can't be read, its domain has no pictures of it, or a choice is
            none of its own.
        RunError: the page can't be written, or a raw file is missing.
    """
    page = outside_data_sets(on_this_machine(out, "a portrait goes into")) / PAGE
    if isinstance(datasets, Mapping):
        opened = {name: open_dataset(given) for name, given in datasets.items()}
    else:
        alone = open_dataset(datasets)
        opened = {alone.label.rstrip("/").rpartition("/")[2]: alone}
    chosen = {name: value for name, value in choices.items() if value is not None}
    chapters = list(_chapters(opened, chosen))
    images = [image for _, some in chapters for image in some]
    _check_names(images)
    portrait = _portrait(opened, [chapter for chapter, _ in chapters])
    for image in images:
        with written(page.parent / image.name) as aside:
            aside.write_bytes(image.content)
    write_text(page, render_portrait(portrait))
    return page


def _portrait(datasets: Mapping[str, Dataset], chapters: Sequence[PortraitChapter]) -> Portrait:
    return Portrait(
        title=", ".join(dict.fromkeys(d.manifest["scenario"]["name"] for d in datasets.values())),
        facts=[
            (f"rows: {name}", f"{dataset.manifest['totals']['rows']:,}")
            for name, dataset in datasets.items()
        ],
        chapters=chapters,
        provenance={name: _how(dataset.manifest) for name, dataset in datasets.items()},
    )


def _chapters(
    datasets: Mapping[str, Dataset], choices: Mapping[str, Any]
) -> Iterator[tuple[PortraitChapter, list[Image]]]:
    """The chapters of all scenario classes, each with the images that it shows."""
    schemas: dict[tuple[str, str], dict[str, Dataset]] = {}
    for name, dataset in datasets.items():
        schemas.setdefault(_schema(dataset), {})[name] = dataset
    for (domain, schema), some in schemas.items():
        illustrations = find_domains()[domain].illustrations[schema]
        _check_choices(f"{domain}/{schema}", illustrations, choices)
        with ExitStack() as stack:
            sources = {name: _source(one, choices, stack) for name, one in some.items()}
            for about in illustrations:
                if shown := about.plot(sources):
                    yield _chapter(about, shown), [one for one in shown if isinstance(one, Image)]


def _check_names(images: Sequence[Image]) -> None:
    """Refuse what leads out of the page's folder: a sensor of a data set may be called so."""
    for image in images:
        if Path(image.name).name != image.name or image.name in {"", ".", "..", PAGE}:
            raise RequestError(f"{image.name!r} is no name for an image: correct the data set")


def _check_choices(
    schema: str, illustrations: Sequence[Illustration], choices: Mapping[str, Any]
) -> None:
    known = sorted({name for about in illustrations for name in about.choices})
    for name in choices:
        if name not in known:
            raise RequestError(
                f"{name} can't be chosen in pictures of {schema}: "
                + (f"choose {', '.join(known)}" if known else "leave it out")
            )


def _source(dataset: Dataset, choices: Mapping[str, Any], stack: ExitStack) -> Source:
    """The data set, open until the stack is left."""
    return Source(
        parameters=dataset.manifest["scenario"]["parameters"],
        ask=stack.enter_context(asked(dataset)),
        read=dataset.raw,
        choices=choices,
    )


def _chapter(about: Illustration, shown: Sequence[Plot | Image]) -> PortraitChapter:
    figures = [(pictured(one) if isinstance(one, Image) else plotted(one), one) for one in shown]
    return PortraitChapter(
        title=about.title,
        doc=about.doc,
        wide=[figure for figure, one in figures if one.is_wide],
        narrow=[figure for figure, one in figures if not one.is_wide],
    )


def _schema(dataset: Dataset) -> tuple[str, str]:
    """The names of the domain and of the schema that the data set is of."""
    wanted = dataset.manifest["scenario"]["class"]
    for domain in find_domains().values():
        for name in domain.illustrations:
            if wanted == class_path(domain.schemas[name]):
                return domain.name, name
    raise RequestError(
        f"there are no pictures of {dataset.manifest['scenario']['name']}: "
        f"take a data set of {', '.join(_illustrated()) or 'another domain'}"
    )


def _illustrated() -> Iterator[str]:
    """The scenarios of the catalogue whose data sets have pictures."""
    kinds = {d.schemas[name] for d in find_domains().values() for name in d.illustrations}
    for name in scenario_names():
        with suppress(RequestError):  # a third party's file that is wrong
            if type(load_scenario(name)) in kinds:
                yield name


def _how(manifest: Mapping[str, Any]) -> str:
    scenario = manifest["scenario"]
    made = f"{scenario['name']}, version {scenario['version']}, seed {manifest['seed']}"
    given = leaves(manifest["changed_parameters"])
    return ", ".join([made, *(f"{name}={value}" for name, value in given)])
