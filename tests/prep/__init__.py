"""Tests of preparation: files in, shards out."""
