"""The parts of ``benchmarks/detection.py``."""
