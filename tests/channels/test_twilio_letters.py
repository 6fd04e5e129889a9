"""SMS and WhatsApp messages on their way out, and how Twilio answers."""

from datetime import UTC, datetime, timedelta

import pytest

from app.providers.server import Fault
from app.providers.twilio import Twilio
from app.providers.twilio_messages import ACCOUNT, SMS, Made
from app.settings import Settings
from bot.messages import Address, Choice, InboundMessage, OutboundMessage
from bot.text import segments
from channels import open_channels
from channels.channel import Absent, Channel, Later, Refused, Sent, Unknown
from channels.sms import worded
from channels.twilio import STATUS_PATH
from tests.channels.accounts import our_channels

NUMBER = "+4915112345678"
PETRA, PETRA_ON_WHATSAPP = Address("sms", NUMBER), Address("whatsapp", NUMBER)
TIMES = tuple(Choice(f"t{number}", f"Di, 24.11., {number:02}:00") for number in range(8, 12))
SID = "SM" + "0" * 31 + "1"


def to_petra(text: str, choices: tuple[Choice, ...] = (), *, on: Address = PETRA, **more: object) -> OutboundMessage:
    return OutboundMessage(on, text, choices, reference="12", **{"heard_at": datetime.now(UTC), **more})  # type: ignore[arg-type]


def test_choices_are_numbered_in_an_sms(sms: Channel, provider: Twilio) -> None:
    receipt = sms.send(to_petra("Wann passt es – „bald“?", TIMES))
    [made] = provider.letters(NUMBER)
    assert receipt == Sent(made.sid)
    assert made.body.splitlines()[:2] == ['Wann passt es - "bald"?', "1) Di, 24.11., 08:00"]
    assert made.callback == f"https://termin.example.de{STATUS_PATH}?letter=12"


def test_an_sms_never_has_more_than_two_segments() -> None:
    body = worded(to_petra("Sehr lang 🚗 und [eckig] " * 40, TIMES))
    assert segments(body) == 2
    assert body.endswith("4) Di, 24.11., 11:00")


def test_few_choices_are_buttons_and_more_are_a_list(whatsapp: Channel, provider: Twilio) -> None:
    to = f"whatsapp:{NUMBER}"
    provider.heard[to] = datetime.now(UTC)
    for count in (2, 4, 4):
        assert isinstance(whatsapp.send(to_petra("Wann?", TIMES[:count], on=PETRA_ON_WHATSAPP)), Sent)
    pairs = [(choice.label, choice.id) for choice in TIMES]
    assert [one.buttons for one in provider.letters(to)] == [pairs[:2], pairs, pairs]
    assert [one["friendly_name"] for one in provider.contents.made] == [
        "werkstatt-quick-reply-2",
        "werkstatt-list-picker-4",
    ]


def test_what_is_made_once_is_found_again(provider: Twilio) -> None:
    provider.heard[f"whatsapp:{NUMBER}"] = datetime.now(UTC)
    for _ in range(2):
        with our_channels(twilio=provider.url) as channels:
            assert isinstance(channels["whatsapp"].send(to_petra("?", TIMES, on=PETRA_ON_WHATSAPP)), Sent)
    assert len(provider.contents.made) == 1


def test_choices_that_fit_nowhere_are_numbered(whatsapp: Channel, provider: Twilio) -> None:
    wide = (Choice("a", "Ein Dienstag, der nicht auf den Knopf passt"),)
    assert isinstance(whatsapp.send(to_petra("Wann?", wide, on=PETRA_ON_WHATSAPP)), Sent)
    [made] = provider.letters(f"whatsapp:{NUMBER}")
    assert made.body == "Wann?\n1) Ein Dienstag, der nicht auf den Knopf passt"
    assert not made.buttons


def test_after_a_day_only_a_template_is_sent(provider: Twilio) -> None:
    sid = provider.contents.approve_template("Termin am {{1}} um {{2}}, bitte pünktlich.")
    yesterday = datetime.now(UTC) - timedelta(hours=23, minutes=51)
    late = to_petra("egal", on=PETRA_ON_WHATSAPP, kind="reminder", variables=("Dienstag", "10:00"), heard_at=yesterday)
    for templates, outcome in (({}, Refused), ({"reminder": sid}, Sent)):
        with our_channels(twilio=provider.url, templates=templates) as channels:
            assert isinstance(channels["whatsapp"].send(late), outcome)
    [made] = provider.letters(f"whatsapp:{NUMBER}")
    assert (made.body, made.error) == ("Termin am Dienstag um 10:00, bitte pünktlich.", None)


def test_the_customer_sees_us_type(whatsapp: Channel, provider: Twilio) -> None:
    whatsapp.acknowledge(InboundMessage(SID, PETRA_ON_WHATSAPP, "hallo", handle=SID))
    assert provider.typing == [SID]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.TOO_MANY, Later(timedelta(seconds=5), "Twilio is busy")),
        (Fault.BROKEN, Unknown("Twilio error 500")),
        (Fault.LOST_ANSWER, Unknown("ProtocolError")),
        (Fault.GARBAGE, Unknown("JSONDecodeError")),
    ],
)
def test_bad_days_and_what_became_of_the_letter(sms: Channel, provider: Twilio, fault: Fault, expected: object) -> None:
    provider.mood.planned = [None, fault]
    letter, since = to_petra("Gebucht"), datetime.now(UTC)
    first = sms.send(letter)
    assert isinstance(first, Sent)
    assert sms.send(letter) == expected
    found = sms.look_up(letter, since=since, others={str(first.provider_id)})
    assert isinstance(found, Sent if fault.accepts else Absent)


def test_the_list_is_searched_for_this_letter_only(sms: Channel, provider: Twilio) -> None:
    now = datetime.now(UTC)
    provider.messages += [
        Made("SMold", NUMBER, SMS, "Gebucht", "outbound-api", now - timedelta(hours=1)),
        Made("SMother", NUMBER, SMS, "Abgesagt", "outbound-api", now),
        Made("SMauto", NUMBER, SMS, "Gebucht", "outbound-reply", now),
    ]
    assert sms.look_up(to_petra("Gebucht"), since=now, others=()) == Absent()


def test_the_list_is_searched_from_page_to_page(sms: Channel, provider: Twilio) -> None:
    now = datetime.now(UTC)
    provider.longest_page = 2
    for number, body in enumerate(["Gebucht", *["Erinnerung"] * 4]):
        provider.messages.append(Made(f"SM{number}", NUMBER, SMS, body, "outbound-api", now))
    assert sms.look_up(to_petra("Gebucht"), since=now, others=()) == Sent("SM0")
    provider.messages += [
        Made(f"SM{number}", NUMBER, SMS, "Erinnerung", "outbound-api", now) for number in range(5, 106)
    ]
    assert sms.look_up(to_petra("Gebucht"), since=now, others=()) == Absent()


@pytest.mark.parametrize(("to", "unreachable"), [("nonsense", True), (NUMBER, True)])
def test_numbers_that_get_nothing(sms: Channel, provider: Twilio, to: str, unreachable: bool) -> None:
    provider.opted_out.add(NUMBER)
    receipt = sms.send(OutboundMessage(Address("sms", to), "hi", reference="1"))
    assert isinstance(receipt, Refused)
    assert receipt.unreachable is unreachable


def test_wrong_credentials_are_our_fault_and_not_the_customers(provider: Twilio) -> None:
    settings = Settings(
        public_url="https://termin.example.de",
        twilio_account_sid=ACCOUNT,
        twilio_auth_token="wrong",  # noqa: S106
        twilio_sms_from=SMS,
        twilio_api_url=provider.url,
    )
    with open_channels(settings) as channels:
        assert isinstance(channels["sms"].send(to_petra("hi")), Later)


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_what_we_were_never_told_is_found_in_the_list(
    channels: dict[str, Channel], provider: Twilio, channel: str
) -> None:
    sender = NUMBER if channel == "sms" else f"whatsapp:{NUMBER}"
    form = provider.form(sender, "Hört mich jemand?")
    [missed] = channels[channel].missed(datetime.now(UTC) - timedelta(hours=2))
    assert (missed.id, missed.sender.id, missed.text) == (form["MessageSid"], NUMBER, "Hört mich jemand?")


def test_a_stop_that_was_heard_long_ago_is_not_heard_again_as_a_wish(sms: Channel, provider: Twilio) -> None:
    provider.form(NUMBER, "CANCEL")
    assert sms.missed(datetime.now(UTC) - timedelta(hours=2)) == []


def test_a_letter_that_came_too_late_once_is_sent_as_its_template_whenever_we_were_written_to(provider: Twilio) -> None:
    sid = provider.contents.approve_template("Termin am {{1}} um {{2}}, bitte pünktlich.")
    again = to_petra("egal", on=PETRA_ON_WHATSAPP, kind="reminder", variables=("Dienstag", "10:00"), as_template=True)
    with our_channels(twilio=provider.url, templates={"reminder": sid}) as channels:
        assert isinstance(channels["whatsapp"].send(again), Sent)
    [made] = provider.letters(f"whatsapp:{NUMBER}")
    assert made.body == "Termin am Dienstag um 10:00, bitte pünktlich."
