"""What customers may write: sense, nonsense, and both in one message."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

OPENINGS: tuple[tuple[str, ...], ...] = (
    (),
    ("Hallo",),
    ("Ölwechsel",),
    ("Reifenwechsel in Köln",),
    ("Inspektion in 10115",),
    ("Bremsencheck in 50823",),
    ("HU am Donnerstag in 53111",),
    ("Ölwechsel am Freitag um 9 in 50667",),
    ("Ölwechsel am Freitag um 9 in 50667", "Kim Lot"),
    ("Ölwechsel am Freitag um 9 in 50667", "Kim Lot, BAB1234"),
    ("Ölwechsel am Freitag um 9 in 50667, Kim Lot, K-KL 1, kim@example.org",),
    ("Ölwechsel am Freitag um 9 in 50667, Kim Lot, K-KL 1", "ja"),
    ("Ölwechsel am Freitag um 9 in 50667, Kim Lot, K-KL 1", "ja", "Termin absagen"),
    ("Ölwechsel am Freitag um 9 in 50667, Kim Lot, K-KL 1", "ja", "Termin verschieben"),
    ("Ölwechsel am Freitag um 9 in 50667, Kim Lot, K-KL 1", "ja", "auf Donnerstag verschieben"),
    ("Ölwechsel am Freitag um 9 in 50667, Kim Lot, K-KL 1", "ja", "HU am Dienstag um 9 in 53111", "ja", "absagen"),
    ("Ölwechsel am Freitag um 9 in 50667, Kim Lot, K-KL 1", "ja", "HU am Dienstag um 9 in 53111", "ja", "umbuchen"),
    ("Lösche meine Daten",),
    ("Ich will mit einem Menschen sprechen",),
)
"""Ways into every state there is."""

_TALK = """
ja nein 1 2 3 99 die zweite der letzte weiter egal zurück abbrechen hilfe danke tschüss hallo morgen übermorgen
Dienstag Freitag Sonntag vormittags nachmittags später früher um 10 8:30 24.12. 31.2. nächste Woche heute jetzt
Ölwechsel TÜV Reifen Bremsen quietschen Batterie Klima Auspuff und auch nicht sondern lieber doch statt
50667 53111 99999 Köln Bonn Ehrenfeld Dom Werkstatt andere Warteliste Termin absagen verschieben stornieren
Preis Adresse Öffnungszeiten Mitarbeiter von vorn Name Kim Lot K-AB 123 BAB1234 Golf kim@example.org
+49155512345 English Deutsch stop start lösche Daten verspäte fertig Bremspedal weich yes no cancel move
tomorrow please the second one oil change Monday at noon 😀 ??? … '; drop table users; -- \u202e \x00
"""

WORDS = _TALK.split()
_phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
_said = st.sampled_from([words for opening in OPENINGS for words in opening])

anything: SearchStrategy[str] = st.one_of(
    _phrases,
    _phrases,
    _said,
    st.text(max_size=60),
    st.text(max_size=20).flatmap(lambda odd: _said.map(lambda s: s + odd)),
)
