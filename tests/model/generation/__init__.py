"""Tests of drawing: the choice of an id, slots, prompts and formats."""
