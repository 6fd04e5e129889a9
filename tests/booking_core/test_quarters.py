"""Sets of quarter hours as whole numbers agree with sets of Python."""

from hypothesis import given
from hypothesis import strategies as st

from booking_core import quarters

sets = st.sets(st.integers(0, 120))
places = st.integers(-10, 130)


def as_bits(members: set[int]) -> int:
    return sum(1 << member for member in members)


@given(start=st.integers(-20, 130), end=st.integers(-20, 130))
def test_a_span_holds_what_lies_between_its_ends(start: int, end: int) -> None:
    assert list(quarters.ones(quarters.span(start, end))) == list(range(max(0, start), max(0, end)))


@given(members=sets, length=st.integers(1, 40))
def test_a_run_begins_where_all_that_follow_are_set(members: set[int], length: int) -> None:
    expected = {start for start in members if members.issuperset(range(start, start + length))}
    assert set(quarters.ones(quarters.runs(as_bits(members), length))) == expected


@given(members=sets, by=st.integers(-50, 50))
def test_shifting_moves_every_quarter_and_drops_those_before_the_start(members: set[int], by: int) -> None:
    expected = {member - by for member in members if member >= by}
    assert set(quarters.ones(quarters.shifted(as_bits(members), by))) == expected


@given(members=sets, edge=places)
def test_first_and_last_look_to_either_side_of_an_edge(members: set[int], edge: int) -> None:
    bits = as_bits(members)
    assert quarters.first(bits, since=edge) == min((one for one in members if one >= edge), default=None)
    assert quarters.last(bits, before=edge) == max((one for one in members if one < edge), default=None)


@given(members=sets)
def test_gathered_places_are_the_set_of_them(members: set[int]) -> None:
    assert quarters.gathered(sorted(members), 121) == as_bits(members)
