"""What a workshop sells."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from booking_core.errors import UnknownService
from booking_core.services import named, services, services_of, sold_by
from booking_core.tables import ResourceRow
from booking_core.values import ServiceId
from tests.booking_core.builders import a_garage, a_service


def test_a_workshop_sells_what_everybody_does_and_what_it_alone_does(session: Session) -> None:
    garage, other = a_garage(session), a_garage(session)
    everybodys = a_service(session, None, "battery", name="Batterie")
    a_service(session, None, "oil-change", name="Ölwechsel überall")
    a_service(session, other.workshop, "windscreen")
    sold = services_of(session, garage.workshop)
    assert {service.code: service.id for service in sold} == {"battery": everybodys, "oil-change": garage.service}


def test_several_workshops_are_asked_at_once(session: Session) -> None:
    garage, other = a_garage(session), a_garage(session)
    battery = a_service(session, None, "battery")
    sold = sold_by(session, [other.workshop, garage.workshop])
    assert {shop: {service.id for service in offered} for shop, offered in sold.items()} == {
        garage.workshop: {battery, garage.service},
        other.workshop: {battery, other.service},
    }


def test_a_service_has_a_name_whoever_sells_it(session: Session) -> None:
    garage, other = a_garage(session), a_garage(session)
    everybodys = a_service(session, None, "battery", kinds=["no such thing"])
    a_service(session, garage.workshop, "battery")
    found = named(session, ["oil-change", "battery", "no-such-code"])
    assert [service.id for service in found] == [min(garage.service, other.service), everybodys]


def test_a_workshop_sells_only_what_it_has_the_tools_for(session: Session) -> None:
    garage = a_garage(session)
    aligning = a_service(session, garage.workshop, "wheel-alignment", kinds=["lift", "rig"])
    session.add(ResourceRow(workshop_id=garage.workshop, kind="rig", name="verliehen", capacity=0))
    session.flush()
    assert [service.id for service in services_of(session, garage.workshop)] == [garage.service]
    session.add(ResourceRow(workshop_id=garage.workshop, kind="rig", name="Achsmessstand"))
    session.flush()
    assert [service.id for service in services_of(session, garage.workshop)] == [garage.service, aligning]


def test_services_come_in_the_order_asked_for(session: Session) -> None:
    garage = a_garage(session)
    battery = a_service(
        session, garage.workshop, "battery", minutes=20, buffer_before=5, buffer_after=10, season=[["01-01", "02-01"]]
    )
    found = services(session, [battery, garage.service])
    assert [service.id for service in found] == [battery, garage.service]
    assert [length.seconds // 60 for length in (found[0].duration, found[0].buffer_before, found[0].buffer_after)] == [
        20,
        5,
        10,
    ]
    assert (found[0].kinds, found[0].windows, found[0].season) == (("lift",), None, [["01-01", "02-01"]])
    assert found[1].duration == timedelta(hours=1)
    with pytest.raises(UnknownService):
        services(session, [battery, ServiceId(0)])
