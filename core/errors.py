"""Errors that are meant for the person at the keyboard.

Each message is one sentence with three parts: what was found, what was expected, what to do about it. Scripts print
it and exit with code 2; the dashboard shows it in the page.
"""


class MisreadError(Exception):
    """Base of every error whose message a user should read instead of a traceback."""


class CorpusError(MisreadError):
    """The corpus cannot be used: a missing file or column, unreadable bytes, labels that do not fit."""


class ArtifactError(MisreadError):
    """A run on disk is missing, incomplete, damaged, locked or made by a newer Misread."""


class ModelError(MisreadError):
    """An encoder or checkpoint cannot be loaded, or the hardware cannot do what was asked of it."""


class SettingError(MisreadError):
    """A setting is outside what it may be."""
