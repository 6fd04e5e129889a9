"""Where to send the confirmation."""

from dataclasses import dataclass

from bot.draft import Draft
from bot.states.planning import AskingDetail
from bot.step import Say, say
from bot.understanding.meaning import Expecting


@dataclass(frozen=True)
class AskingEmail(AskingDetail):
    """An address for the confirmation with its calendar file; booking works without."""

    expecting = Expecting.EMAIL

    @property
    def question(self) -> Say:
        return say("ask_email")

    def without(self) -> Draft:
        return self.draft.declining("email")
