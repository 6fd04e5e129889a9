"""Dates and times in customers' messages."""

from bot.understanding.dates.narrowing import narrowed
from bot.understanding.dates.reading import read_offset, read_when
from bot.understanding.dates.windows import as_json, windows_of

__all__ = ["as_json", "narrowed", "read_offset", "read_when", "windows_of"]
