"""Hypothesis strategies for every object type, and the laws as a test suite."""
