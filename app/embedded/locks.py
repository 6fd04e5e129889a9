"""File locks, which the kernel gives back whatever becomes of their holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def lock_file(path: Path) -> Iterator[int]:
    """The open lock file; leaving gives back its lock unless a forked child holds the file too."""
    file = open_private(path, os.O_RDONLY)
    try:
        yield file
    finally:
        os.close(file)


def open_private(path: Path, flags: int) -> int:
    """Open or create a file for the owner of its folder, who shall be able to use it even if root came first."""
    file = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.fchown(file, folder.st_uid, folder.st_gid)
    return file


def try_exclusive(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_shared(file: int) -> None:
    fcntl.flock(file, fcntl.LOCK_SH)


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock exclusively."""
    with lock_file(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
