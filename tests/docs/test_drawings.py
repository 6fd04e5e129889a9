"""What is drawn is what the code does."""

import re

from booking_core.status import AppointmentStatus
from tests.docs.pages import ROOT


def test_what_becomes_of_an_appointment_is_drawn_arrow_by_arrow() -> None:
    page = (ROOT / "docs/DataModel.md").read_text(encoding="utf-8")
    [drawing] = re.findall(r"^stateDiagram-v2\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    drawn = set(re.findall(r"^ +(\w+) --> (\w+)", drawing, re.MULTILINE))
    assert drawn == {(one, other) for one in AppointmentStatus for other in AppointmentStatus if one.may_become(other)}
