"""Errors of the embedded servers."""


class EmbeddedServerError(SystemExit):
    """Report why a server could not be started, and how to fix it.

    Uncaught, it ends the program with its text instead of a traceback: every command imports the settings.
    """
