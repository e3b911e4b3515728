"""The one error of the embedded servers."""


class EmbeddedServerError(SystemExit):
    """A server could not be started; the text says why and what to do.

    Uncaught, it ends the program with that text instead of a traceback: settings are imported by every command.
    """
