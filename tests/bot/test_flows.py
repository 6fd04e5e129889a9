"""The conversations in the documentation are those of the tests."""

from tests.bot.flows import PAGE, page


def test_the_page_shows_the_conversations_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.bot.flows"
