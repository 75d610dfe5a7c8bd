"""Tests of the data: from shards to the passes of a step."""
