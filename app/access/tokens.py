"""Secrets of 256 random bits: shown once, kept as their SHA-256, which such a secret needs no salt for."""

import secrets
from hashlib import sha256


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What the database keeps and looks up by."""
    return sha256(secret.encode()).hexdigest()
