"""Arrays by the type of what they hold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Key = npt.NDArray[np.uint32]  # (2,), a Philox 4x32 key
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
