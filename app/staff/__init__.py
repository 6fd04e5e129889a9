"""The page for staff: the calendar, the conversations, and what there is to know and to set."""
