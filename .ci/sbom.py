"""What the image is made of as a CycloneDX document, from the lock file: `make sbom` keeps it in sbom.cdx.json."""

import json
import re
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.run.lock"


def pins(lock: str) -> list[tuple[str, str, str]]:
    """Name, version and condition of each pin, in the order of the lock."""
    return re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)(?: ; ([^\\\n]+?))?(?: \\)?$", lock, re.MULTILINE)


def document(lock: str) -> dict[str, Any]:
    """The same lock makes the same document, so that a change of one is a change of the other."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    main = _component(project["name"], project["version"])
    components = [_component(name, version, condition) for name, version, condition in pins(lock)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, lock)}",
        "version": 1,
        "metadata": {
            "component": main | {"type": "application", "licenses": [{"license": {"id": project["license"]}}]}
        },
        "components": components,
    }


def _component(name: str, version: str, condition: str = "") -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    told = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    return told | ({"properties": [{"name": "werkstatt:only-if", "value": condition}]} if condition else {})


if __name__ == "__main__":
    json.dump(document(LOCK.read_text("utf-8")), sys.stdout, indent=1)
    sys.stdout.write("\n")
