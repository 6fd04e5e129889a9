"""The code by which a customer calls a booking: twelve letters and digits that cannot be mixed up."""

import re

_LOOKALIKES = str.maketrans("OIL", "011")
_GROUPED = re.compile(r"(?<![\w-])([0-9A-Za-z]{4})[\s–-]([0-9A-Za-z]{4})[\s–-]([0-9A-Za-z]{4})(?![\w-])")
_PLAIN = re.compile(
    r"(?<![\w-])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])([0-9A-Za-z]{4})([0-9A-Za-z]{4})([0-9A-Za-z]{4})(?![\w-])"
)
_PROOF = re.compile(r"(?<![\w-])(\d{3})[\s-]?(\d{3})(?![\w-])")


def read_code(text: str, *, asked: bool) -> tuple[str, tuple[int, int]] | None:
    """A booking code as "7KQ4-M2XN-P9RT" (O and I read as 0 and 1), or the six digits of a proof if we `asked`."""
    for pattern in (_GROUPED, _PLAIN):
        for match in pattern.finditer(text):
            letters = "".join(match.groups())
            mixed = any(not group.isdigit() and not group.isalpha() for group in match.groups())
            written_out = match[0].count("-") == 2 and letters.isupper()
            sure = asked or written_out or (mixed and (letters.isupper() or "-" in match[0]))
            if sure and "u" not in letters.lower() and not letters.isdigit():
                return "-".join(group.upper().translate(_LOOKALIKES) for group in match.groups()), match.span()
    proof = _PROOF.search(text) if asked else None
    return (proof[1] + proof[2], proof.span()) if proof else None
