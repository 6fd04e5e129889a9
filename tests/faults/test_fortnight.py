"""Some days around both nights in which the clocks change: each reminder once, by day, for the right time."""

from sqlalchemy import Engine

from app.providers.twilio import Twilio
from tests.faults.fortnight import judge, play
from tests.faults.workshop import a_redis


def test_each_reminder_due_goes_out_once_by_day_and_for_the_time_that_holds(database: Engine) -> None:
    with a_redis() as redis, Twilio(reports=0).running() as twilio:
        plans = play(database, twilio, redis.url, count=30, days=2)
        assert judge(database, twilio, plans) == []
        assert len(twilio.messages) == 25
