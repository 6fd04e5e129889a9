"""Every way to be kept out."""


class AccessError(Exception):
    """You may not do this."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Unrecognised(AccessError):
    """We do not know who you are: send an API key, or sign in."""


class WrongCredentials(AccessError):
    """E-mail, password or code is wrong."""


class CodeWanted(AccessError):
    """The password is right; now the code of your authenticator is wanted."""


class TooManyTries(AccessError):
    """Too many tries; wait a little before the next one."""

    def __init__(self, retry_after: int) -> None:
        """After how many seconds a try counts again."""
        super().__init__()
        self.retry_after = retry_after


class Forbidden(AccessError):
    """Your role may not do this."""


class Forged(AccessError):
    """This request did not come from our own page."""


class WeakPassword(AccessError):
    """A password has at least 12 characters and does not contain your e-mail address."""


class EmailTaken(AccessError):
    """There is an account with this e-mail address already."""
