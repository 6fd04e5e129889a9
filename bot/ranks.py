"""How far a letter got, as far as its provider tells."""

from sqlalchemy import ARRAY, ColumnElement, ScalarSelect, Text, func, literal, select

from booking_core.tables import DeliveryReportRow, table_of

RANKS = ("accepted", "sent", "delivered", "read", "failed")
"""Reports come in any order; a letter only ever moves to the right."""

_REPORTS = table_of(DeliveryReportRow).c


def furthest(channel: ColumnElement[str], provider_id: ColumnElement[str]) -> ScalarSelect[str]:
    """The furthest of all reports about a letter; null if there are none."""
    rank = func.array_position(literal([*RANKS], ARRAY(Text)), _REPORTS.status)
    about = (_REPORTS.channel == channel, _REPORTS.provider_id == provider_id)
    return select(_REPORTS.status).where(*about).order_by(rank.desc()).limit(1).scalar_subquery()
