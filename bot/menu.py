"""What can be asked for at any time, for channels that show it as a menu."""

from bot import phrases
from bot.step import Say, say

ITEMS = (
    (say("menu_book_command"), say("menu_book")),
    (say("menu_show_command"), say("menu_show")),
    (say("menu_move_command"), say("menu_move")),
    (say("menu_cancel_command"), say("menu_cancel")),
    (say("menu_person_command"), say("menu_person")),
    (say("menu_help_command"), say("menu_help")),
)


def menus() -> dict[str, list[tuple[str, str]]]:
    """By language: the commands, each a word that the bot understands as any other, and what they are for."""
    return {
        language: [(_word(command, language), _word(meaning, language)) for command, meaning in ITEMS]
        for language in phrases.LANGUAGES
    }


def _word(key: Say, language: str) -> str:
    return phrases.word(key, language, "telegram")
