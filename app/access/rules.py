"""What each operation needs: the lowest role that may do it. Whatever is not on this page nobody may do."""

from collections.abc import Mapping

from app.access.caller import Caller, Role

OPEN = frozenset({"begin_session", "read_feed"})
"""For those whom nobody knows yet, and for calendar programs with a secret link."""

NEEDS: Mapping[str, Role] = {
    # One's own session
    "read_session": Role.MECHANIC,
    "end_session": Role.MECHANIC,
    "change_password": Role.MECHANIC,
    "propose_second_factor": Role.MECHANIC,
    "enable_second_factor": Role.MECHANIC,
    "disable_second_factor": Role.MECHANIC,
    "list_workshops": Role.MECHANIC,
    # The day
    "read_agenda": Role.MECHANIC,
    "read_appointment": Role.MECHANIC,
    "read_notes": Role.MECHANIC,
    "list_closures": Role.MECHANIC,
    "list_resources": Role.MECHANIC,
    "list_services": Role.MECHANIC,
    "explain": Role.MECHANIC,
    # Working with customers
    "create_appointment": Role.ADVISER,
    "move_appointment": Role.ADVISER,
    "cancel_appointment": Role.ADVISER,
    "step_appointment": Role.ADVISER,
    "add_note": Role.ADVISER,
    "search_customers": Role.ADVISER,
    "read_customer": Role.ADVISER,
    "list_conversations": Role.ADVISER,
    "read_conversation": Role.ADVISER,
    "take_over": Role.ADVISER,
    "answer": Role.ADVISER,
    "release": Role.ADVISER,
    "list_waiting": Role.ADVISER,
    "list_reminders": Role.ADVISER,
    "list_refused_wishes": Role.ADVISER,
    "list_returned_letters": Role.ADVISER,
    "close": Role.ADVISER,
    "reopen": Role.ADVISER,
    "read_settings": Role.ADVISER,
    "read_figures": Role.ADVISER,
    # Arranging the house
    "change_settings": Role.OWNER,
    "add_resource": Role.OWNER,
    "change_resource": Role.OWNER,
    "put_service": Role.OWNER,
    "read_audit": Role.OWNER,
    "export_csv": Role.OWNER,
    "export_calendar": Role.OWNER,
    "list_feeds": Role.OWNER,
    "open_feed": Role.OWNER,
    "revoke_feed": Role.OWNER,
    "export_customer": Role.OWNER,
    "erase_customer": Role.OWNER,
    "restrict_customer": Role.ADVISER,
    "note_privacy_request": Role.ADVISER,
    "list_privacy_requests": Role.ADVISER,
    "list_keys": Role.OWNER,
    "issue_key": Role.OWNER,
    "revoke_key": Role.OWNER,
    "list_staff": Role.OWNER,
    "create_staff": Role.OWNER,
    "disable_staff": Role.OWNER,
}


def may(caller: Caller, operation: str) -> bool:
    needed = NEEDS.get(operation)
    return needed is not None and caller.role.reaches(needed)
