"""Memory that a process holds though it does not need it, and looks at though it need not."""

import gc
import os
from pathlib import Path

from app.heap import LOOKS, give_back, load_undisturbed, settle

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


def test_what_was_loaded_is_looked_at_no_more() -> None:
    before = gc.get_threshold()
    try:
        load_undisturbed()
        assert not gc.isenabled()
        settle()
        assert gc.isenabled()
        assert gc.get_freeze_count() > BLOCKS
        assert gc.get_threshold() == LOOKS
    finally:
        gc.enable()
        gc.unfreeze()
        gc.set_threshold(*before)
