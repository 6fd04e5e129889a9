"""With whose providers the workshop has agreed how they handle customers' data (Art. 28 GDPR)."""

import re
from collections.abc import Iterable

from channels.channel import Misconfigured

OURS = frozenset({"relay"})
"""Channels behind which there is nobody but ourselves."""


def demand_agreement(channel: str, agreements: str | None) -> None:
    """Raises Misconfigured where agreements are noted, but none for this channel."""
    if agreements is not None and without_agreement([channel], agreements):
        raise Misconfigured(
            f"AGREEMENTS does not name {channel}: agree with its provider as docs/Privacy.md says and add it there, "
            "or leave out its settings."
        )


def without_agreement(channels: Iterable[str], agreements: str | None) -> list[str]:
    """Those of the channels for which none is noted."""
    noted = re.findall(r"\w+", agreements or "")
    return [name for name in channels if name not in OURS and name not in noted]
