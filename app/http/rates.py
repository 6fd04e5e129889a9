"""How often somebody may ask."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """So many calls in any stretch of so many seconds; `name` tells the counts of one caller apart."""

    name: str
    calls: int
    seconds: int


@dataclass(frozen=True)
class Rates:
    """All limits there are, on one page."""

    default: Rate = Rate("default", 100, 60)
    """Per network address."""

    staff: Rate = Rate("staff", 600, 60)
    """Per network address, where everything else wants a key or a session."""

    booking: Rate = Rate("booking", 10, 600)
    """Holds and bookings per network address: nobody shall hoard times."""

    proof: Rate = Rate("proof", 10, 900)
    """Wrong proofs per appointment's code, whether there is such an appointment or not."""

    forged: Rate = Rate("forged", 20, 60)
    """Webhook calls without a provider's signature per network address; those with one are never counted."""

    chat: Rate = Rate("chat", 60, 60)
    """Messages of one person on one channel."""
