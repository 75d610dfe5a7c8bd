"""SMILES: what is read, what is refused, and that however it is written it means the same."""
