"""What we say: understanding, dialog, phrases, conversation memory, outbox."""
