"""Kernels: one operation to a file, each with a plain reference that its test compares it with."""
