"""Memory that a process holds though it does not need it."""

import os
from pathlib import Path

from app.allocator import give_back

BLOCKS, SIZE = 2_000, 50_000


def resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_what_is_free_is_given_back() -> None:
    held = [bytearray(os.urandom(1) * SIZE) for _ in range(BLOCKS)]
    kept = held[1::50]  # Between what is free, so that it cannot simply be cut off at the end.
    full = resident()
    del held
    give_back()
    assert len(kept) == BLOCKS // 50
    assert full - resident() > BLOCKS * SIZE // 2
