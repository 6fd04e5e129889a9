"""Whatever a process tells of itself begins here: logs, crash reports, traces."""

from app.settings import Settings
from app.telemetry import crash_reports, logs, tracing


def begin(settings: Settings) -> None:
    logs.set_up(settings)
    crash_reports.start(settings)
    tracing.start()
