"""Finding what a wheel installed without importing it: its Python code starts more than we want."""

from importlib.util import find_spec
from pathlib import Path


def file_in_wheel(package: str, pattern: str) -> Path | None:
    """The one file of an installed package that matches, if there is one."""
    spec = find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        return next(Path(folder).glob(pattern), None)
    return None
