"""Every way to be kept out, each a kind of problem."""

from typing import ClassVar

from app.http.problems import Problem, kinds


class AccessError(Problem):
    """You may not do this."""

    kind: ClassVar[str] = "forbidden"

    def __init__(self, **headers: str) -> None:
        super().__init__(self.kind, headers={name.replace("_", "-"): value for name, value in headers.items()})

    @property
    def told(self) -> str:
        """In English, for the command line."""
        return kinds()[self.code].detail["en"]


class Unrecognised(AccessError):
    """Neither a good API key nor a session."""

    kind = "unauthenticated"

    def __init__(self) -> None:
        super().__init__(WWW_Authenticate="Bearer")


class WrongCredentials(AccessError):
    """E-mail, password or code is wrong."""

    kind = "wrong_credentials"


class CodeWanted(AccessError):
    """The password is right; now the code of the second factor is wanted."""

    kind = "code_wanted"


class TooManyTries(AccessError):
    """Too many tries; wait a little before the next one."""

    kind = "too_many_tries"

    def __init__(self, retry_after: int) -> None:
        """After how many seconds a try counts again."""
        super().__init__(Retry_After=str(retry_after))
        self.retry_after = retry_after


class Forbidden(AccessError):
    """The role may not do this."""


class Forged(AccessError):
    """The request did not come from our own page."""

    kind = "forged"


class WeakPassword(AccessError):
    """The password is too short, too long, or contains the e-mail address."""

    kind = "weak_password"


class EmailTaken(AccessError):
    """There is an account with this e-mail address already."""

    kind = "email_taken"
