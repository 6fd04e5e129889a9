"""Not too fast for Telegram, whoever writes, and not at all while it wants to hear nothing."""

import secrets
from datetime import timedelta

import pytest
from limits import RateLimitItemPerHour, RateLimitItemPerSecond

from channels.pace import Pace
from channels.tally import AWAY, Tally

GONE = "redis://127.0.0.1:1/0"
NOW = timedelta()


class Patience(list[float]):
    """How long was waited, without waiting."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def bot() -> str:
    """A name that no other test counts under."""
    return secrets.token_hex(4)


def test_all_processes_share_a_chats_turn(redis_url: str, bot: str) -> None:
    here, there = (Pace(bot, Tally(redis_url), sleep=Patience()) for _ in range(2))
    assert here.wait("77") == NOW
    assert there.wait("78") == NOW
    assert NOW < there.wait("77") <= timedelta(seconds=1)


def test_a_turn_that_comes_soon_is_waited_for(bot: str) -> None:
    waited = Patience()
    pace = Pace(bot, Tally(), sleep=waited)
    pace.wait("77")
    assert pace.wait("77")
    assert 0.5 < waited[0] <= 1


def test_a_bot_has_a_limit_over_all_its_chats(redis_url: str, bot: str) -> None:
    slow = RateLimitItemPerHour(3)
    here, there = (Pace(bot, Tally(redis_url), overall=slow) for _ in range(2))
    assert [here.wait("1"), there.wait("2"), here.wait("3")] == [NOW] * 3
    assert there.wait("4") > timedelta(minutes=59)
    assert Pace(f"another-{bot}", Tally(redis_url), overall=slow).wait("4") == NOW


def test_a_group_hears_twenty_messages_a_minute(bot: str) -> None:
    pace = Pace(bot, Tally(), chat=RateLimitItemPerSecond(1_000), overall=RateLimitItemPerSecond(1_000))
    assert [pace.wait("-100") for _ in range(20)] == [NOW] * 20
    assert pace.wait("-100") > timedelta(seconds=50)
    assert [pace.wait("100") for _ in range(21)] == [NOW] * 21


def test_too_many_requests_silence_every_process(redis_url: str, bot: str) -> None:
    here, there = (Pace(bot, Tally(redis_url)) for _ in range(2))
    assert there.rest == NOW
    here.pause(timedelta(seconds=90))
    here.pause(timedelta(seconds=5))
    assert timedelta(seconds=85) < there.rest <= timedelta(seconds=90)


def test_while_redis_is_away_each_process_counts_for_itself(bot: str) -> None:
    pace = Pace(bot, Tally(GONE), sleep=Patience())
    assert pace.wait("77") == NOW
    assert pace.wait("77") > NOW
    pace.pause(timedelta(seconds=90))
    assert pace.rest > timedelta(seconds=85)


def test_a_redis_that_is_back_is_asked_again(bot: str, caplog: pytest.LogCaptureFixture) -> None:
    moment = [0.0]
    tally = Tally(GONE, clock=lambda: moment[0])
    for moment[0] in (0, AWAY - 1, AWAY, AWAY + 1):
        tally.paused(bot)
    assert len(caplog.records) == 2
