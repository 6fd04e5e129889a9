"""Whatever a process tells of itself begins here: logs, crash reports, traces."""

from app import crash_reports, logs, tracing
from app.settings import Settings


def begin(settings: Settings) -> None:
    logs.set_up(settings)
    crash_reports.start(settings)
    tracing.start()
