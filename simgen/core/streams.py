"""Named random streams: one seed, one independent source of chance per name."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Key = npt.NDArray[np.uint32]  # (2,), a Philox 4x32 key


@dataclass(frozen=True)
class Streams:
    """Independent random sources, addressed by path.

    A stream depends on the seed and its own path only, so adding or removing another stream
    never changes the numbers this one gives. Asking twice for the same path gives the same
    numbers: ask once and keep the generator.

    >>> first, again = (Streams(7).generator("arrivals").random() for _ in range(2))
    >>> first == again
    True
    """

    seed: int
    path: tuple[str, ...] = ()

    def child(self, name: str) -> Streams:
        """The streams below `name`, a Python identifier; ValueError otherwise."""
        if not name.isidentifier():
            raise ValueError(f"stream name must be an identifier, got {name!r}")
        return Streams(self.seed, (*self.path, name))

    def generator(self, name: str) -> np.random.Generator:
        """A NumPy generator for what is drawn one after the other."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=tuple(self._words(name)))
        return np.random.Generator(np.random.PCG64DXSM(sequence))

    def key(self, name: str) -> Key:
        """A Philox key `(2,)`, for kernels that draw by (key, entity, counter)."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=tuple(self._words(name)))
        return sequence.generate_state(2, np.uint32).astype(np.uint32, copy=False)

    def _words(self, name: str) -> list[int]:
        path = "/".join(self.child(name).path).encode()
        digest = blake2b(path, digest_size=16).digest()
        return [int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4)]
