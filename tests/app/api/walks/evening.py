"""What the owner sees to: figures, files to take away, who may do what, and what customers ask of their data."""

from tests.app.api.walks.office import Office


def walk(ask: Office) -> None:
    ask("read_figures", "day", "What tomorrow comes to", query={"from": "2026-11-24", "days": 1})
    ask("read_audit", "last", "Who did the last two things", query={"limit": 2})
    _take_away(ask)
    _let_in(ask)
    _data_of_a_customer(ask)


def _take_away(ask: Office) -> None:
    week = {"from": "2026-11-23", "days": 7}
    ask("export_csv", "week", "A table of the week", query=week)
    ask("export_calendar", "week", "The same as a calendar", query=week)
    feed = ask.new("open_feed", "anna", "A calendar that renews itself", body={"label": "Annas Telefon"}).json()
    secret = feed["path"].rpartition("/")[2].removesuffix(".ics")
    ask("list_feeds", "all", "Who has such a link")
    ask.tour.ask("read_feed", "anna", "What Anna's telephone reads", path={"secret": secret})
    ask("revoke_feed", "anna", "Take it back", path={"feed_id": feed["feed"]["id"]})
    ask.tour.ask("read_feed", "revoked", "It shows nothing any more", path={"secret": secret})


def _let_in(ask: Office) -> None:
    otto = {"name": "Otto Brandt", "email": "otto@example.de", "role": "mechanic"}
    account = ask.new("create_staff", "otto", "An account for Otto", body=otto).json()["account"]
    ask.new("create_staff", "taken", "He has one", body=otto)
    ask("list_staff", "all", "Who has one")
    ask("disable_staff", "otto", "Close it", path={"staff_id": account["id"]})
    key = ask.new(
        "issue_key", "display", "A key for the display in the hall", body={"label": "Halle", "role": "mechanic"}
    )
    ask("list_keys", "all", "Which keys there are")
    ask("revoke_key", "display", "Take it back", path={"prefix": key.json()["key"]["prefix"]})


def _data_of_a_customer(ask: Office) -> None:
    """Leon's: he asks for them, wants no more letters, and then to be forgotten."""
    found = ask("search_customers", "leon", "Look for somebody", query={"q": "fuchs 0151"}).json()
    leon = {"customer_id": found["items"][0]["id"]}
    ask("read_customer", "leon", "All they booked here", path=leon)
    ask("note_privacy_request", "letter", "They asked by letter", path=leon, body={"kind": "export"})
    ask("list_privacy_requests", "open", "Who is still to be answered")
    ask("export_customer", "leon", "All that is stored about them", path=leon)
    ask("restrict_customer", "leon", "Send nothing but answers", path=leon, body={"restricted": True})
    ask("erase_customer", "leon", "Forget them", path=leon)
    ask("read_customer", "gone", "What stays: no name, no contact", path=leon)
