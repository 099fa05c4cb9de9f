"""Compressors in parallel: gas laws of two stages, windows of vibration, and load sharing."""
