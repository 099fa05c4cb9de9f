"""Keys of rows: the same data set has the same tokens whenever it is exported."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """Tokens of one data set."""

    identity: str

    def of(self, table: str, *key: object) -> str:
        """The token of a row, 32 hexadecimal digits."""
        text = "/".join(map(str, (self.identity, table, *key)))
        return blake2b(text.encode(), digest_size=16).hexdigest()


def chained(tokens: list[str]) -> list[tuple[str, str, str]]:
    """Each token with the one before and the one after it, "" at the ends."""
    return list(zip(tokens, ["", *tokens[:-1]], [*tokens[1:], ""], strict=True))
