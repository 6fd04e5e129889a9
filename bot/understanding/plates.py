"""German licence plates, in every form a customer may type them."""

import re
from functools import cache

from bot.understanding.data import table

_LETTERS = "A-Za-zÄÖÜäöü"
_SUFFIX = r"\s?([EeHh])?(?![A-Za-zÄÖÜäöüß\d])"
_SEASON = r"(?:\s?[(\[]?(0[1-9]|1[0-2])\s?[/–-]\s?(0[1-9]|1[0-2])[)\]]?(?![\d/]))?"
_START = r"(?<![\w@./'’-])"
# District, letters and digits, set apart by anything from a hyphen to nothing at all.
_PARTED = re.compile(
    _START
    + rf"([{_LETTERS}]{{1,3}})\s?([-–:·*|]|\s)\s?([A-Za-z]{{1,2}})\s?[-–]?\s?([1-9]\d{{0,3}})"
    + _SUFFIX
    + _SEASON
)
_JOINED = re.compile(_START + rf"([{_LETTERS}]{{2,5}})\s?[-–]?\s?([1-9]\d{{0,3}})(?! \d)" + _SUFFIX + _SEASON)
_OFFICIAL = re.compile(_START + rf"(?:([{_LETTERS}]{{1,3}})\s?[-–]?\s?|0[ -])(\d(?:[ -]?\d){{0,5}})(?![\w/.:-])")
_A_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST = 8
_SURE_DIGITS = 3
Span = tuple[int, int]


def read_plates(text: str, *, asked: bool, welcome: bool = False) -> tuple[tuple[str, ...], Span | None]:
    """The readings of the first plate ("K-AB 1234", "M-X 12E", "HH-AB 12 04-10") and where it stands.

    More than one reading means that the customer has to choose (BAB1234 is B-AB or BA-B). `asked` says that the words
    around it speak of a plate, so that small letters and missing separators are no reason to doubt. Where one is only
    `welcome` small letters are none.
    """
    for match in _PARTED.finditer(text):
        district, separator, letters, digits, suffix, start, end = match.groups()
        plates = _readings([(district, letters)], digits, suffix, (start, end))
        if plates and (asked or _looks_meant(district, separator, letters, digits, welcome)):
            return plates, match.span()
    for match in _JOINED.finditer(text):
        run, digits, suffix, start, end = match.groups()
        splits = [(run[:cut], run[cut:]) for cut in (1, 2, 3) if 1 <= len(run) - cut <= 2]
        plates = _readings(splits, digits, suffix, (start, end))
        if (
            plates
            and run.lower() not in _prose()
            and (asked or (run.isupper() and len(digits) >= _SURE_DIGITS and run.lower() not in _lookalikes()))
        ):
            return plates, match.span()
    for match in _OFFICIAL.finditer(text) if asked else ():
        district, digits = _district(match[1]) if match[1] else "0", re.sub(r"[ -]", "", match[2])
        if district and not (match[1] and match[1].islower() and (_A_YEAR.fullmatch(digits) or match[1] in _prose())):
            return (f"{district}-{digits}",), match.span()
    return (), None


def _looks_meant(district: str, separator: str, letters: str, digits: str, welcome: bool) -> bool:
    """Whether three parts were typed as a plate rather than being short words before a number ("DI UM 10")."""
    capitals = (district + letters).isupper()
    if welcome and not _prose().intersection((district.lower(), letters.lower())):
        return True
    if separator in "-–":
        return capitals or district.lower() not in _prose()
    if letters.lower() in _prose():
        return capitals and district.lower() not in _prose() and len(digits) >= _SURE_DIGITS
    return capitals and district.lower() not in _prose()


def _readings(
    splits: list[tuple[str, str]], digits: str, suffix: str | None, season: tuple[str | None, str | None]
) -> tuple[str, ...]:
    plates = []
    for written, letters in splits:
        district = _district(written)
        tail = digits + (suffix or "").upper()
        if district and letters.isascii() and len(district + letters + tail) <= _LONGEST:
            plate = f"{district}-{letters.upper()} {tail}"
            plates.append(f"{plate} {season[0]}-{season[1]}" if season[0] else plate)
    return tuple(plates)


def _district(written: str) -> str | None:
    """The district as it is stamped; FUE is how somebody without umlauts types FÜ."""
    upper = written.upper()
    if upper in _districts():
        return upper
    umlaut = upper.replace("AE", "Ä").replace("OE", "Ö").replace("UE", "Ü")
    return umlaut if umlaut in _districts() else None


@cache
def _data() -> dict[str, frozenset[str]]:
    raw = table("plates")
    return {key: frozenset(value.split()) for key, value in raw.items()}


def _districts() -> frozenset[str]:
    return _data()["districts"]


def _prose() -> frozenset[str]:
    return _data()["prose"]


def _lookalikes() -> frozenset[str]:
    return _data()["lookalikes"]
