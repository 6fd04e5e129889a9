"""SMS and WhatsApp as Twilio calls them, and as it answers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.providers.server import Fault
from app.providers.twilio import Twilio
from app.providers.twilio_messages import ACCOUNT, SMS, TOKEN, WHATSAPP, Made, signature
from app.settings import Settings
from bot.messages import Address, Choice, InboundMessage, OutboundMessage, Point
from bot.text import segments
from channels import open_channels
from channels.channel import Absent, Channel, Consent, Forged, Later, Misconfigured, Refused, Report, Sent, Unknown
from channels.sms import worded
from channels.twilio import EMPTY_TWIML, STATUS_PATH
from tests.channels.accounts import our_channels, twilio_call

NUMBER = "+4915112345678"
PETRA, PETRA_ON_WHATSAPP = Address("sms", NUMBER), Address("whatsapp", NUMBER)
SMS_PATH, WHATSAPP_PATH = "/webhooks/twilio/sms", "/webhooks/twilio/whatsapp"
TIMES = tuple(Choice(f"t{number}", f"Di, 24.11., {number:02}:00") for number in range(8, 12))
SID = "SM" + "0" * 31 + "1"


@pytest.fixture
def provider() -> Iterator[Twilio]:
    with Twilio(reports=0).running() as running:
        yield running


@pytest.fixture
def channels(provider: Twilio) -> Iterator[dict[str, Channel]]:
    with our_channels(twilio=provider.url) as channels:
        yield channels


@pytest.fixture
def sms(channels: dict[str, Channel]) -> Channel:
    return channels["sms"]


@pytest.fixture
def whatsapp(channels: dict[str, Channel]) -> Channel:
    return channels["whatsapp"]


def to_petra(text: str, choices: tuple[Choice, ...] = (), *, on: Address = PETRA, **more: object) -> OutboundMessage:
    return OutboundMessage(on, text, choices, reference="12", **{"heard_at": datetime.now(UTC), **more})  # type: ignore[arg-type]


# Coming in.


def test_the_signature_is_the_one_of_the_documents() -> None:
    fields = {"Digits": "1234", "To": "+18005551212", "From": "+14158675310", "Caller": "+14158675310"}
    fields["CallSid"] = "CA1234567890ABCDE"
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature(url, fields, "12345") == "GvWf1cFY/Q7PnoempGyD5oXAezc="


def test_an_sms(sms: Channel) -> None:
    call = twilio_call(SMS_PATH, Twilio().form(NUMBER, " Ölwechsel  morgen? "))
    assert sms.read(call) == [InboundMessage(SID, PETRA, "Ölwechsel  morgen?")]
    assert sms.thanks(call) == EMPTY_TWIML


def test_a_whatsapp_message_has_a_name(whatsapp: Channel) -> None:
    [heard] = whatsapp.read(twilio_call(WHATSAPP_PATH, Twilio().form(f"whatsapp:{NUMBER}", "hallo")))
    assert heard == InboundMessage(SID, PETRA_ON_WHATSAPP, "hallo", name="Petra", handle=SID)


@pytest.mark.parametrize(
    "pressed",
    [
        {"ButtonPayload": "abc", "ButtonText": "10:00", "MessageType": "button"},
        {"ListId": "abc", "ListTitle": "10:00", "MessageType": "interactive"},
    ],
)
def test_a_button_and_a_list_on_whatsapp(whatsapp: Channel, pressed: dict[str, str]) -> None:
    form = Twilio().form(f"whatsapp:{NUMBER}", "10:00", OriginalRepliedMessageSid=SID, **pressed)
    [heard] = whatsapp.read(twilio_call(WHATSAPP_PATH, form))
    assert isinstance(heard, InboundMessage)
    assert (heard.text, heard.choice) == ("", "abc")


def test_a_place_that_is_shared_on_whatsapp(whatsapp: Channel) -> None:
    where = {"Latitude": "50.938361", "Longitude": "6.959974", "Address": "Domkloster 4, Köln", "Label": "Dom"}
    form = Twilio().form(f"whatsapp:{NUMBER}", "", MessageType="location", **where)
    [heard] = whatsapp.read(twilio_call(WHATSAPP_PATH, form))
    expected = InboundMessage(SID, PETRA_ON_WHATSAPP, name="Petra", handle=SID, place=Point(50.938361, 6.959974))
    assert heard == expected


@pytest.mark.parametrize("lat", ["", "north", "nan", "91", "1e999"])
def test_a_place_that_is_nowhere_is_none(whatsapp: Channel, lat: str) -> None:
    form = Twilio().form(f"whatsapp:{NUMBER}", "hier", Latitude=lat, Longitude="7")
    [heard] = whatsapp.read(twilio_call(WHATSAPP_PATH, form))
    assert isinstance(heard, InboundMessage)
    assert (heard.text, heard.place) == ("hier", None)


def test_who_hides_the_number_is_known_by_another_name(whatsapp: Channel) -> None:
    form = Twilio().form("whatsapp:", "hallo", ExternalUserId="whatsapp:DE.1349")
    [heard] = whatsapp.read(twilio_call(WHATSAPP_PATH, form | {"From": "whatsapp:"}))
    assert isinstance(heard, InboundMessage)
    assert heard.sender == Address("whatsapp", "DE.1349")


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_a_message_to_somebody_else_is_not_ours(channels: dict[str, Channel], channel: str) -> None:
    form = Twilio().form(NUMBER, "hallo") | {"To": "+4915100000000"}
    with pytest.raises(Forged):
        channels[channel].read(twilio_call(f"/webhooks/twilio/{channel}", form))


@pytest.mark.parametrize("word", ["STOP", " cancel ", "End.", "OptOut"])
def test_the_carriers_words_for_stop_are_answered_by_twilio(sms: Channel, word: str) -> None:
    [consent] = sms.read(twilio_call(SMS_PATH, Twilio().form(NUMBER, word)))
    assert isinstance(consent, Consent)
    assert not consent.granted


@pytest.mark.parametrize("word", ["Stopp", "abmelden!", "START"])
@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_other_words_about_consent_are_for_the_dialog(channels: dict[str, Channel], channel: str, word: str) -> None:
    sender = NUMBER if channel == "sms" else f"whatsapp:{NUMBER}"
    [heard] = channels[channel].read(twilio_call(f"/webhooks/twilio/{channel}", Twilio().form(sender, word)))
    assert isinstance(heard, InboundMessage)


def test_what_twilio_has_answered_itself_is_not_answered_again(sms: Channel) -> None:
    for kind, expected in (("STOP", [False]), ("START", [True]), ("HELP", [])):
        heard = sms.read(twilio_call(SMS_PATH, Twilio().form(NUMBER, kind, OptOutType=kind)))
        assert [one.granted for one in heard if isinstance(one, Consent)] == expected
        assert not any(isinstance(one, InboundMessage) for one in heard)


def test_cancelling_an_appointment_is_not_opting_out(sms: Channel) -> None:
    [heard] = sms.read(twilio_call(SMS_PATH, Twilio().form(NUMBER, "cancel my appointment")))
    assert isinstance(heard, InboundMessage)


def a_report(status: str, *, to: str = NUMBER, **more: str) -> dict[str, str]:
    sender = WHATSAPP if to.startswith("whatsapp:") else SMS
    return {"AccountSid": ACCOUNT, "MessageSid": SID, "MessageStatus": status, "To": to, "From": sender, **more}


def test_reports_are_read_on_either_channel(channels: dict[str, Channel]) -> None:
    for channel in (channels["sms"], channels["whatsapp"]):
        call = twilio_call(STATUS_PATH, a_report("delivered"), query="letter=12")
        assert channel.read(call) == [Report("sms", SID, "delivered", "12")]
        assert channel.thanks(call).status == 204
        [on_whatsapp] = channel.read(twilio_call(STATUS_PATH, a_report("read", to=f"whatsapp:{NUMBER}")))
        assert on_whatsapp == Report("whatsapp", SID, "read")
        assert channel.read(twilio_call(STATUS_PATH, a_report("teleported"))) == []


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("30003", Later(timedelta(minutes=15), "the phone could not be reached")),
        ("30006", Refused("the number cannot receive this", unreachable=True)),
        ("63016", Refused("outside of the 24 hours WhatsApp allows", formal=True)),
        ("99999", Refused("Twilio error 99999")),
        ("", Refused("Twilio error None")),
    ],
)
def test_a_failure_says_what_to_do_about_it(sms: Channel, code: str, failure: Refused | Later) -> None:
    [report] = sms.read(twilio_call(STATUS_PATH, a_report("undelivered", ErrorCode=code)))
    assert isinstance(report, Report)
    assert (report.status, report.failure) == ("failed", failure)


def test_while_a_token_is_changed_both_are_good(provider: Twilio) -> None:
    settings = Settings(
        public_url="https://termin.example.de/",
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=f"a-new-token, {TOKEN}",
        twilio_sms_from=SMS,
    )
    with open_channels(settings) as channels:
        for token in (TOKEN, "a-new-token"):
            assert channels["sms"].read(twilio_call(SMS_PATH, Twilio().form(NUMBER, "hallo"), token=token))
        with pytest.raises(Forged):
            channels["sms"].read(twilio_call(SMS_PATH, Twilio().form(NUMBER, "hallo"), token=""))


@pytest.mark.parametrize("missing", ["twilio_auth_token", "public_url"])
def test_an_account_that_lacks_something_does_not_start(missing: str) -> None:
    told = {
        "public_url": "https://termin.example.de",
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "twilio_sms_from": SMS,
    }
    lacking = Settings(**{**told, missing: " " if missing == "twilio_auth_token" else None})  # type: ignore[arg-type]
    with pytest.raises(Misconfigured), open_channels(lacking):
        pass


# Going out.


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
        (Fault.LOST_ANSWER, Unknown("ConnectionError")),
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
