"""SMS, WhatsApp messages and reports as Twilio calls us with them."""

from datetime import timedelta

import pytest

from app.providers.twilio import Twilio
from app.providers.twilio_messages import ACCOUNT, SMS, TOKEN, WHATSAPP, signature
from app.settings import Settings
from bot.messages import Address, InboundMessage, Point
from channels import open_channels
from channels.channel import Channel, Consent, Forged, Later, Misconfigured, Refused, Report
from channels.twilio import EMPTY_TWIML, STATUS_PATH
from tests.channels.accounts import twilio_call

NUMBER = "+4915112345678"
PETRA, PETRA_ON_WHATSAPP = Address("sms", NUMBER), Address("whatsapp", NUMBER)
SMS_PATH, WHATSAPP_PATH = "/webhooks/twilio/sms", "/webhooks/twilio/whatsapp"
SID = "SM" + "0" * 31 + "1"


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
