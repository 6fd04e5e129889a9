"""Who waits for an answer: a customer who wants a person, and those whom nobody could help yet."""

from tests.app.api.walks.office import Office


def walk(ask: Office) -> None:
    murat = {"conversation_id": 1}
    ask("list_conversations", "asking", "Who asks for a person", query={"keeper": "nobody"})
    ask("read_conversation", "lines", "What was said", path=murat)
    ask("take_over", "hour", "Silence the bot for an hour", path=murat, body={"minutes": 60})
    words = {"text": "Hier ist Anna. Ein Ölwechsel kostet bei Ihrem Golf 89 €.", "minutes": 60}
    ask.new("answer", "anna", "Answer in its place", path=murat, body=words)
    ask("release", "bot", "Give it back to the bot", path=murat)
    ask("list_waiting", "first", "Who would come if something became free")
    ask("list_refused_wishes", "full", "What nobody could be given")
    ask("list_reminders", "planned", "Who will be reminded", query={"limit": 1})
    ask("list_returned_letters", "refused", "Letters that came back")
