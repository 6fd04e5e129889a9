"""The date readers we compare ourselves with, none of which has to be there."""

import sys

import pytest

from benchmarks.understanding.readers import readers


def test_a_library_that_is_missing_is_left_out_with_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for library in ("ctparse", "parsedatetime", "jpype"):
        monkeypatch.setitem(sys.modules, library, None)
    assert [name for name, _ in readers()] == ["werkstatt-bot", "dateparser.parse", "dateparser search_dates"]
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(" is left out: ")[0] for line in told] == ["ctparse", "parsedatetime", "duckling + merge"]
