"""How the C library keeps a process's memory, where it is one that can be told."""

import ctypes
from contextlib import suppress

M_ARENA_MAX = -8
"""As glibc's malloc.h has it."""


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
