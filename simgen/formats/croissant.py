"""Croissant 1.0: the data set described for machines, as MLCommons and Hugging Face read it.

Source: https://docs.mlcommons.org/croissant/docs/croissant-spec.html. Version 1.0 says all that
is needed here and is read by more tools than 1.1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}

# By the beginning of Arrow's name of a type.
_TYPES = {
    "int": "sc:Integer",
    "uint": "sc:Integer",
    "double": "sc:Float",
    "float": "sc:Float",
    "halffloat": "sc:Float",
    "bool": "sc:Boolean",
    "timestamp": "sc:DateTime",
    "date": "sc:Date",
}


def croissant_text(manifest: Mapping[str, Any]) -> str:
    """The content of `croissant.json`."""
    return json.dumps(croissant(manifest), indent=1)


def croissant(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON-LD description of the data set with this manifest; paths are relative to it."""
    scenario, tables = manifest["scenario"], manifest["tables"]
    made_at = manifest["timings"]["finished_at"]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": scenario["name"].replace("/", "-"),
        "description": f"{manifest['doc']} Simulated by simgen; no record is of a real person.",
        "version": f"{scenario['version']}.0.0",
        "datePublished": made_at[:10],
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "citeAs": (
            f"simgen {manifest['versions']['simgen']}, scenario {scenario['name']} "
            f"version {scenario['version']}, seed {manifest['seed']}"
        ),
        "isLiveDataset": False,
        "distribution": [_files(name) for name in tables],
        "recordSet": [_records(name, table) for name, table in tables.items()],
    }


def _files(table: str) -> dict[str, Any]:
    """The parts of a table; their digests stand in `manifest.json`."""
    return {
        "@type": "cr:FileSet",
        "@id": f"{table}-parts",
        "name": f"{table}-parts",
        "encodingFormat": "application/x-parquet",
        "includes": f"{table}/part-*.parquet",
    }


def _records(name: str, table: Mapping[str, Any]) -> dict[str, Any]:
    keys = [
        {"@id": f"{name}/{column['name']}"}
        for column in table["columns"]
        if column["role"] == "key"
    ]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": table["doc"],
        **({"key": keys} if keys else {}),
        "field": [_field(name, column) for column in table["columns"]],
    }


def _field(table: str, column: Mapping[str, Any]) -> dict[str, Any]:
    unit = f" [{column['unit']}]" if column["unit"] else ""
    listed = column["type"].startswith(("list<", "fixed_size_list<"))
    kind = column["type"].partition(": ")[2] if listed else column["type"]
    types = [next((to for start, to in _TYPES.items() if kind.startswith(start)), "sc:Text")]
    if column["role"] == "label":
        types.append("cr:Label")
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{column['name']}",
        "name": column["name"],
        "description": f"{column['doc']}{unit}",
        "dataType": types[0] if len(types) == 1 else types,
        **({"repeated": True} if listed else {}),
        "source": {
            "fileSet": {"@id": f"{table}-parts"},
            "extract": {"column": column["name"]},
        },
    }
