"""The digits that prove who is writing."""

from dataclasses import dataclass

from bot.commands import ProveCode
from bot.events import Event, Joined, Refused, Said
from bot.states.booking import onward
from bot.states.courtesy import Courteous, missed
from bot.states.showing import listed
from bot.step import Say, Step, say
from bot.understanding.meaning import Expecting, Intent


@dataclass(frozen=True)
class AskingCode(Courteous):
    """We sent six digits to the `channel` on which the appointment was made."""

    expecting = Expecting.CODE

    channel: str = ""

    @property
    def question(self) -> Say:
        match self.channel:
            case "email":
                return say("ask_code_mailed")
            case "sms":
                return say("ask_code_sms")
            case "whatsapp":
                return say("ask_code_whatsapp")
            case "telegram":
                return say("ask_code_telegram")
            case _:
                return say("ask_code_elsewhere")

    def attend(self, event: Event) -> Step | None:
        match event:
            case Joined(bookings):
                return onward(self.draft, say("joined"), *listed(bookings))
            case Refused():
                return missed(self, say("wrong_code"))
            case Said() if event.meaning.code:
                return Step(self, ask=ProveCode(event.meaning.code))
            case Said() if event.meaning.skipped or event.wants(Intent.DENY):
                return onward(self.draft, say("never_mind"))
            case _:
                return None

    def ease(self) -> Step:
        return Step(self, (say("wrong_code"), self.question))
