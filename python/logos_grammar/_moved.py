"""Warns the importer of a module by the name that it had in an earlier version."""

from warnings import warn


def moved(old: str, new: str) -> None:
    """Warn the importer of a module that was moved.

    Parameters
    ----------
    old, new
        The name that was imported, and the name to import instead.
    """
    warn(f"{old} was moved: import {new} instead", DeprecationWarning, stacklevel=3)
