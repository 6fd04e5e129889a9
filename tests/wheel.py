"""What is shipped, built from what belongs to the repository and nothing else."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def a_wheel(place: Path) -> Path:
    """The wheel, in a folder that is made for it."""
    place.mkdir()
    with TemporaryDirectory() as folder:
        source = Path(folder)
        for name in tracked():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
        build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
        subprocess.run([sys.executable, "-c", build, str(place)], cwd=source, capture_output=True, check=True)
    [found] = place.glob("*.whl")
    return found
