"""Findings carried on: reports in several formats, and metrics for Prometheus."""
