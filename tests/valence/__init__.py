"""The profile kekule+valence: RDKit sanitizes every molecule that has a sentence in it."""
