"""True calls of providers, and what forgers make of them."""

import json
import random
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from app.providers.telegram import Telegram
from app.providers.twilio import Twilio
from app.providers.twilio_messages import ACCOUNT, signature
from tests.channels.accounts import PUBLIC_URL

TELEGRAM, SMS, WHATSAPP = "/webhooks/telegram", "/webhooks/twilio/sms", "/webhooks/twilio/whatsapp"
FORM = "application/x-www-form-urlencoded"
SENDABLE = [*range(0x21, 0x7F), *range(0x80, 0x100)]
SIGNATURE, SECRET = "X-Twilio-Signature", "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True)
class Call:
    path: str
    body: bytes
    headers: tuple[tuple[str, str | bytes], ...]

    def without(self, name: str) -> "Call":
        return replace(self, headers=tuple((key, value) for key, value in self.headers if key != name))

    def with_header(self, name: str, value: str | bytes) -> "Call":
        changed = self.without(name)
        return replace(changed, headers=(*changed.headers, (name, value)))


def signed(path: str, fields: dict[str, str]) -> Call:
    made = signature(PUBLIC_URL + path, fields)
    return Call(path, urlencode(fields).encode(), (("Content-Type", FORM), (SIGNATURE, made)))


def an_sms(text: str = "ja") -> dict[str, str]:
    return Twilio().form("+4915112345678", text)


def an_update() -> Call:
    provider = Telegram()
    body = json.dumps(provider.text_update("77", "ja")).encode()
    return Call(TELEGRAM, body, tuple(provider.headers.items()))


def forged_for_telegram(dice: random.Random) -> Call:
    true = an_update()
    secret = str(dict(true.headers)[SECRET])
    cut = dice.randrange(len(secret))
    wrong: list[Call] = [
        true.without(SECRET),
        true.with_header(SECRET, ""),
        true.with_header(SECRET, secret[:cut]),
        true.with_header(SECRET, secret + dice.choice("aA0-_ä")),
        true.with_header(
            SECRET, secret[:cut] + chr(dice.choice(SENDABLE)).replace(secret[cut], "!") + secret[cut + 1 :]
        ),
        true.with_header(SECRET, secret.upper()),
        true.with_header(SECRET, bytes(dice.choices(SENDABLE, k=32))),
        replace(true, headers=(*true.headers, (SECRET, secret))),
        replace(true, body=true.body[: dice.randrange(len(true.body))]),
    ]
    return dice.choice(wrong)


def forged_for_twilio(dice: random.Random) -> Call:
    path = dice.choice((SMS, WHATSAPP))
    customer = "+4915112345678" if path == SMS else "whatsapp:+4915112345678"
    fields = Twilio().form(customer, dice.choice(("ja", "Ölwechsel morgen", "", "a" * dice.randrange(1, 900))))
    true = signed(path, fields)
    name = dice.choice(sorted(fields))
    made = signature(PUBLIC_URL + path, fields)
    place = dice.randrange(len(made) - 2)
    changed = {**fields, name: fields[name] + dice.choice("x1 ä")}
    resplit = {key: value for key, value in fields.items() if key != "Body"} | {"Bod": "y" + fields["Body"]}
    wrong: list[Call] = [
        true.without(SIGNATURE),
        true.with_header(SIGNATURE, ""),
        true.with_header(SIGNATURE, made[:place] + ("A" if made[place] != "A" else "B") + made[place + 1 :]),
        true.with_header(SIGNATURE, signature(PUBLIC_URL + path, fields, "")),
        true.with_header(SIGNATURE, signature(PUBLIC_URL + path, fields, "guessed")),
        true.with_header(SIGNATURE, signature("http://somewhere.else" + path, fields)),
        true.with_header(SIGNATURE, dice.randbytes(20).hex()),
        replace(true, headers=(*true.headers, (SIGNATURE, made))),
        replace(true, body=urlencode(changed).encode()),
        replace(true, body=urlencode({k: v for k, v in fields.items() if k != name}).encode()),
        replace(true, body=true.body + b"&" + urlencode({name: fields[name]}).encode()),
        replace(true, body=true.body + f"&{name}=".encode()),
        replace(true, body=urlencode(resplit).encode()),
        replace(true, body=true.body[: dice.randrange(len(true.body) - 1)]),
        replace(true, body=true.body.replace(b"Body=", b"Body=%ff", 1)),
        replace(true, body=json.dumps(fields).encode()).with_header("Content-Type", "application/json"),
        true.with_header("Content-Type", "multipart/form-data; boundary=x"),
        replace(true, path=f"{path}?x={dice.randrange(9)}"),
        replace(true, path=WHATSAPP if path == SMS else SMS),
        signed(path, fields | {"AccountSid": ACCOUNT[:-1] + "0"}),
        signed(path, fields | {"To": "+4915100000000"}),
        signed(path, fields | {"MessageSid": "SM123"}),
        signed(path, {key: value for key, value in fields.items() if key != "AccountSid"}),
    ]
    return dice.choice(wrong)
