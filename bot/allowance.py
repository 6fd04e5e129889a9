"""What a channel that costs money may cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Allowance:
    """How many messages a day we pay for: to one person and in all. The last part of all is not for replies."""

    per_person: int
    in_all: int
    kept_back: float = 0.3

    @property
    def for_replies(self) -> int:
        """What those who write to us can use up; the rest is for confirmations and reminders."""
        return int(self.in_all * (1 - self.kept_back))
