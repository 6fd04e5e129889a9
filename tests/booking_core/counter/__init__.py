"""The counter, seen by those who stand behind it."""
