"""Whether there is a test of that name."""

from app.settings import CHECKOUT


def exists(test: str) -> bool:
    """ "tests/x/test_y.py", or with "::test_z" one of it."""
    file, _, name = test.partition("::")
    place = CHECKOUT / file
    return place.is_file() and (not name or f"\ndef {name}(" in place.read_text("utf-8"))
