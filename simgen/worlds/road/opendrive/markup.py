"""XML as plain nodes that know their line: the border where text becomes numbers.

Expat is driven directly, so that a document type declaration (and with it every entity) is refused
before anything expands, and an error can name the line.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from simgen.core import RequestError

MAX_BYTES = 200_000_000  # fifty times the largest town of CARLA 0.9.16; assumption
MAX_ELEMENTS = 2_000_000
MAX_DEPTH = 64  # OpenDRIVE 1.7 nests ten deep; userData may hold anything
MAX_VALUE = 1e8  # ten times the northing of a pole, in metres: beyond it a double misses 15 nm


@dataclass(frozen=True, kw_only=True)
class Node:
    """One element: its attributes, children and where it stands."""

    tag: str
    attributes: dict[str, str]
    document: str
    line: int
    children: list[Node] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The characters directly inside, without outer blanks."""
        return "".join(self.texts).strip()

    def all(self, path: str) -> Iterator[Node]:
        """The descendants on a path of tags such as `signals/signal`, in order."""
        tag, _, rest = path.partition("/")
        for child in self.children:
            if child.tag == tag:
                yield from child.all(rest) if rest else (child,)

    def first(self, path: str) -> Node | None:
        """The first descendant on a path, or None."""
        return next(self.all(path), None)

    def refuse(self, complaint: str) -> RequestError:
        """The error that names this element: to be raised."""
        name = self.attributes.get("id")
        label = self.tag if name is None else f"{self.tag} id={name[:40]!r}"
        return RequestError(f"map {self.document}, line {self.line}: <{label}> {complaint}")

    def word(self, name: str, default: str | None = None) -> str:
        """An attribute as it stands; RequestError if it is missing and has no default."""
        value = self.attributes.get(name, default)
        if value is None:
            raise self.refuse(f"lacks the attribute {name}; add it")
        return value.strip()

    def choice(self, name: str, allowed: Collection[str], default: str | None = None) -> str:
        """An attribute that is one of a few words; RequestError otherwise."""
        value = self.word(name, default)
        if value not in allowed:
            known = ", ".join(sorted(word for word in allowed if word))
            raise self.refuse(f"has {name}={value[:40]!r}; must be one of {known}")
        return value

    def number(
        self,
        name: str,
        default: float | None = None,
        *,
        low: float = -MAX_VALUE,
        high: float = MAX_VALUE,
    ) -> float:
        """An attribute as a finite number within bounds; RequestError otherwise."""
        written = self.attributes.get(name)
        if written is None and default is not None:
            return default
        written = self.word(name)
        try:
            value = float(written)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise self.refuse(
                f"has {name}={written[:40]!r}; must be a number from {low:g} to {high:g}"
            )
        return value

    def integer(self, name: str, *, low: int, high: int) -> int:
        """An attribute as a whole number within bounds; RequestError otherwise."""
        value = self.number(name, low=low, high=high)
        if value != int(value):
            raise self.refuse(f"has {name}={self.word(name)[:40]!r}; must be a whole number")
        return int(value)


class _Builder:
    """Collects expat's events into nodes and stops at the limits."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.top = Node(tag="", attributes={}, document=document, line=0)
        self.open = [self.top]
        self.n_elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        node = Node(tag=tag, attributes=attributes, document=self.document, line=line)
        self.n_elements += 1
        if self.n_elements > MAX_ELEMENTS:
            raise node.refuse(f"is element {self.n_elements}; a map may hold {MAX_ELEMENTS}")
        if len(self.open) > MAX_DEPTH:
            raise node.refuse(f"is nested {len(self.open)} deep; at most {MAX_DEPTH} are read")
        self.open[-1].children.append(node)
        self.open.append(node)

    def end(self, _tag: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        self.open[-1].texts.append(text)

    def doctype(self, *_declaration: object) -> None:
        raise RequestError(
            f"map {self.document}, line {self.parser.CurrentLineNumber}: <!DOCTYPE> is refused, "
            "since entities can grow without bound; remove the declaration"
        )


def parse(text: str | bytes, document: str) -> Node:
    """The root element of an XML text; `document` names it in errors.

    Raises:
        RequestError: not well formed, larger than the limits, or with a DOCTYPE.
    """
    if len(text) > MAX_BYTES:
        raise RequestError(
            f"map {document}: {len(text)} bytes; at most {MAX_BYTES} are read, so cut the map"
        )
    builder = _Builder(document)
    try:
        builder.parser.Parse(text, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, RequestError):
            raise
        raise RequestError(
            f"map {document}: no well-formed XML ({error}); repair the file"
        ) from None
    return builder.top.children[0]
