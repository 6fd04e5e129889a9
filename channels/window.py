"""How long WhatsApp lets a business write what it likes to whoever wrote to it."""

from datetime import timedelta

WINDOW = timedelta(hours=23, minutes=50)
"""WhatsApp says 24 hours; ten minutes are for the way."""
