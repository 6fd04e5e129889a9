"""The menu names only what the bot understands."""

from datetime import UTC, datetime

import pytest

from bot.menu import menus
from bot.understanding import understand
from bot.understanding.meaning import Intent

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MEANT = [Intent.BOOK, Intent.SHOW, Intent.RESCHEDULE, Intent.CANCEL, Intent.HUMAN, Intent.HELP]


@pytest.mark.parametrize("language", menus())
def test_each_command_is_understood_as_what_it_says(language: str) -> None:
    understood = [understand(f"/{command}", now=NOW, language=language) for command, _ in menus()[language]]
    assert [list(one.intents) for one in understood] == [[intent] for intent in MEANT]
