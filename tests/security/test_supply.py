"""What we are made of is known, and no secret lies among it."""

import importlib.util
import json
import math
import re
from collections import Counter
from types import ModuleType

import pytest

from app.settings import CHECKOUT
from tests.test_house import texts


def sbom() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", CHECKOUT / ".ci" / "sbom.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_bill_of_materials_is_the_lock() -> None:
    """`make sbom` writes it anew."""
    lock = (CHECKOUT / "requirements.run.lock").read_text("utf-8")
    kept = json.loads((CHECKOUT / "sbom.cdx.json").read_text("utf-8"))
    assert kept == sbom().document(lock), "run: make sbom"
    pinned = set(re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==([^ ;\\]+)", lock, re.MULTILINE))
    assert {(one["name"], one["version"]) for one in kept["components"]} == pinned
    assert len(pinned) > 50


def test_a_changed_lock_is_noticed() -> None:
    lock = (CHECKOUT / "requirements.run.lock").read_text("utf-8")
    older = re.sub(r"^(sqlalchemy==)[^ ]+", r"\g<1>1.0.0", lock, flags=re.MULTILINE)
    assert sbom().document(older) != sbom().document(lock)


SECRETS = {
    "a bot's token": r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b",
    "an account at Twilio": r"\b(AC|SK)[0-9a-f]{32}\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a key of Amazon's": r"\bAKIA[0-9A-Z]{16}\b",
    "a token of GitHub's": r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    "an API key of ours": r"\bwbk_[0-9a-f]{8}_[A-Za-z0-9_-]{43}\b",
    "a password in an address": r"\b(?:postgres(?:ql)?|redis|smtps?)://[^\s:/@'\"]+:(?!\$|\{|…|\.\.\.)[^\s@'\"]{12,}@(?!127|host|postgres)",
}
LONG = re.compile(r"(?i)(?:secret|token|password|passwd|api_?key)\w*\s*[:=]\s*[\"']([A-Za-z0-9+/_=-]{24,})[\"']")
FAKE = ("tests/", "app/providers/", "app/data/", "docs/API.md", "benchmarks/")
"""Where accounts are made up, and words of randomness are part of examples."""


def entropy(word: str) -> float:
    """Bits per letter."""
    return -sum(n / len(word) * math.log2(n / len(word)) for n in Counter(word).values())


def found_in(name: str, text: str) -> list[str]:
    found = [what for what, pattern in SECRETS.items() if re.search(pattern, text)]
    if not name.startswith(FAKE):
        found += ["something long and random" for word in LONG.findall(text) if entropy(word) > 4]
    return found


def test_no_file_holds_a_secret() -> None:
    skipped = (".lock", ".min.js", "swagger-ui-bundle.js")
    found = {name: found_in(name, text) for name, text in texts().items() if not name.endswith(skipped)}
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "TELEGRAM_TOKEN=1234567890:AA" + "Hq3x" * 8 + "z",
        "sid = 'AC" + "0f" * 16 + "'",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "url = 'postgresql://werkstatt:" + "correct-horse-battery" + "@db.example.de/werkstatt'",
        "auth_token = 'k3J9" + "xQ2mZ7pLw8Rt5VnB4cY6" + "dF1g'",
    ],
)
def test_a_planted_secret_is_found(planted: str) -> None:
    assert found_in("app/settings.py", planted)
