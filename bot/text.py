"""Text made fit to be stored and understood."""

import unicodedata

LONGEST = 4_000
"""Characters of one message that we keep; nobody describes a car in more."""

_JOINER, _VARIATION = "\u200d", "\ufe0f"


def clean(text: str, *, longest: int = LONGEST) -> str:
    """The text without what breaks databases and eyes: NUL, control and direction marks, halves of characters."""
    paired = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    visible = "".join(_seen(character) for character in paired)
    return unicodedata.normalize("NFC", visible)[:longest].strip()


def _seen(character: str) -> str:
    if character in "\n\t" or character in {_JOINER, _VARIATION}:  # Emoji are built with the last two.
        return character
    match unicodedata.category(character):
        case "Zl" | "Zp":
            return "\n"
        case "Zs":
            return " "
        case "Cc" | "Cf" | "Cs" | "Cn":
            return ""
        case _:
            return character


_PLAIN = {
    "„": '"', "“": '"', "”": '"', "‚": "'", "‘": "'", "’": "'",
    "–": "-", "—": "-", "…": "...", "•": "-", "°": " Grad", "´": "'", "`": "'", "ẞ": "SS",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}  # fmt: skip
_TABLE = str.maketrans(_PLAIN)
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
_TWO_SEPTETS = frozenset("^{}\\[~]|€")


def plain(text: str) -> str:
    """The text in the letters of an SMS (GSM-7): typographic marks become typed ones, the rest is spelt or dropped."""
    return "".join(_in_gsm(character) for character in text.translate(_TABLE))


def _in_gsm(character: str) -> str:
    if character in GSM:
        return character
    return "".join(letter for letter in unicodedata.normalize("NFKD", character) if letter in GSM)


def segments(text: str) -> int:
    """How many SMS a text in GSM-7 is billed as."""
    septets = sum(2 if character in _TWO_SEPTETS else 1 for character in text)
    return 1 if septets <= 160 else -(-septets // 153)
