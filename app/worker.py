"""Celery, with Redis as a bell: it wakes whoever carries letters, and rings for the duties. The truth is in PostgreSQL.

`werkstatt worker` is worker, beat and drain loop in one process. To run them apart:

    celery -A app.worker worker --concurrency 4
    celery -A app.worker beat --scheduler celery.beat:Scheduler
"""

import os

from celery import Celery
from celery.signals import setup_logging, worker_process_shutdown
from prometheus_client.multiprocess import mark_process_dead

from app import courier, duties
from app.duties import DUTIES
from app.settings import Settings
from app.telemetry.reporting import begin
from app.workplace import workplace

RINGING_S = 60
"""After so many seconds a ring has been heard or was in vain: the loops have found the letters."""

celery = Celery("werkstatt", broker=Settings().redis_url)
celery.conf.update(
    accept_content=["json"],
    task_serializer="json",
    result_backend=None,
    task_ignore_result=True,
    task_acks_late=True,
    task_soft_time_limit=240,  # Both limits hold in processes of their own only; in threads each call has its timeout.
    task_time_limit=300,
    task_publish_retry=False,  # Whoever rings does not wait: what is not heard now is found by the loops.
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=30,
    worker_hijack_root_logger=False,
    worker_enable_remote_control=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 600,  # Longer than any task may take, or it would be given to a second worker.
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
    },
    beat_schedule={
        duty.name: {
            "task": "do",
            "schedule": duty.every,
            "args": [duty.name],
            "options": {"expires": duty.every.total_seconds()},
        }
        for duty in DUTIES.values()
    },
)
celery.set_default()  # Or tasks called from other threads would look for a broker that does not exist.


@celery.task(name="carry")  # type: ignore[untyped-decorator]
def carry(channel: str) -> None:
    """Send what is due on a channel."""
    here = workplace()
    if channel in here.channels:
        courier.drain(here.sessions, {channel: here.channels[channel]})


@celery.task(name="do")  # type: ignore[untyped-decorator]
def do(duty: str) -> None:
    """Do a duty, unless somebody just has."""
    here = workplace()
    duties.perform(DUTIES[duty], here.sessions, here.channels)


@setup_logging.connect  # type: ignore[untyped-decorator]
def _log_as_we_do(**_: object) -> None:
    """Or Celery would put up its own, with the arguments of tasks."""
    begin(Settings())


@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _count_no_more(pid: int, **_: object) -> None:
    """What a dead child had counted stays, but its breakers do not stay open."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]


def ring(channel: str) -> None:
    """Wake a worker for the letters of a channel. Raises whatever Redis has to say."""
    carry.apply_async((channel,), expires=RINGING_S)
