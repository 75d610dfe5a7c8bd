"""Tests of logos_model."""
