"""Passwords: argon2id, checked by few threads at a time, since each check takes a third of a second and 64 MB."""

import secrets
import threading
from functools import cache

from pwdlib import PasswordHash

from app.access.errors import WeakPassword

SHORTEST, LONGEST = 12, 200
CHANCE = 3
"""Letters of somebody's address that any password may happen to have."""

TRIES, READ = 10**8, 72
"""Guesses that a password withstands, and the letters that are looked at: more of them take too long."""

_CHECKING = threading.BoundedSemaphore(2)
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """100 random bits in groups that can be read aloud."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(20))
    return "-".join(letters[i : i + 5] for i in range(0, 20, 5))


def accepted(password: str, email: str) -> str:
    """What the database keeps of a password that somebody chose. Raises WeakPassword."""
    name = email.partition("@")[0]
    told = len(name) > CHANCE and name in password.lower()
    if told or not SHORTEST <= len(password) <= LONGEST or _is_soon_guessed(password):
        raise WeakPassword
    return hashed(password)


def hashed(password: str) -> str:
    """What the database keeps."""
    with _CHECKING:
        return _argon2id().hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password; where there is no account the answer takes as long, and is no."""
    with _CHECKING:
        return _argon2id().verify(password[:LONGEST], kept or _nobodys()) and kept is not None


def _is_soon_guessed(password: str) -> bool:
    """Whether known passwords, words, names, dates and rows of keys lead to it in a hundred million tries."""
    from zxcvbn import zxcvbn  # It brings 14 MB of words, which nobody else needs.

    return bool(zxcvbn(password[:READ])["guesses"] < TRIES)


@cache
def _argon2id() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return _argon2id().hash(secrets.token_hex())
