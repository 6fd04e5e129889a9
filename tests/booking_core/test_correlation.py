"""What happened follows from what it came of, as far as that is known."""

from booking_core.correlation import current, follow, following


def test_all_follows_from_the_latest_cause_within_its_block() -> None:
    with following("the call"):
        assert current() == "the call"
        follow("the message")
        assert current() == "the message"
    assert current() not in {"the call", "the message"}


def test_without_a_cause_it_goes_on_as_before() -> None:
    with following("the call"):
        follow(None)
        assert current() == "the call"
