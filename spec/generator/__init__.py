"""What `spec/generate.py` reads of the spec, and the files that it writes from it."""
