"""Numba kernels of the industrial domain: vibration windows and telemetry."""
