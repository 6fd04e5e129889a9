"""The one way an embedded server can disappoint."""


class ServerUnavailable(Exception):
    """An embedded server cannot run here; the message says why and which setting to use instead."""
