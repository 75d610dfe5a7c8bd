"""Tests of what goes between objects and the libraries of the field."""
