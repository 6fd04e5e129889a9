"""Every setting, on one page. They come from the environment, secrets also from files, and from nowhere else."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parent.parent

SECRETS = (Path("/run/secrets"), *map(Path, filter(None, [os.environ.get("CREDENTIALS_DIRECTORY")])))
"""Of Docker, Compose and Kubernetes, and of systemd."""


def with_our_driver(url: str) -> str:
    """The URL with psycopg as its driver, also for the two spellings that hosting providers hand out."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)


NOWHERE = Path("/nonexistent")
"""Where accounts live that have no home."""


def default_home() -> Path:
    """Beside the source in a checkout, else where the desktop keeps applications' data, if there is a home."""
    if (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT / ".werkstatt"
    try:
        data = Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser()
    except RuntimeError:  # The account is but a number.
        data = NOWHERE
    return data / "werkstatt"


class Settings(BaseSettings):
    """The names are the environment's; an empty value counts as absent.

    A secret may also lie in a file of its name in `SECRETS`, where container engines put them; the environment wins.
    """

    model_config = SettingsConfigDict(
        frozen=True, env_ignore_empty=True, secrets_dir=[d for d in SECRETS if d.is_dir()]
    )

    @model_validator(mode="before")
    @classmethod
    def without_empty(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Compose wants a file for each secret, also for those of channels one does not have."""
        return {name: value for name, value in given.items() if value != ""}

    database_url: Annotated[str, AfterValidator(with_our_driver)] | None = Field(
        default=None, repr=False, description="PostgreSQL; without it an embedded one is started"
    )
    owner_database_url: Annotated[str, AfterValidator(with_our_driver)] | None = Field(
        default=None,
        repr=False,
        description="PostgreSQL as the owner of the tables, for migrate, backup and restore; DATABASE_URL then "
        "only reads and writes rows",
    )
    redis_url: str | None = Field(
        default=None, repr=False, description="Redis or Valkey; without it an embedded one is started"
    )
    werkstatt_home: Path = Field(default_factory=default_home, description="Where embedded servers keep their data")

    public_url: str | None = Field(
        default=None, description="Where providers reach us, as in https://termin.example.de"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR; with DEBUG logs may hold customers' words"
    )
    log_key: str | None = Field(
        default=None,
        repr=False,
        description="Any words, by which logs tell customers apart; unset, each start has its own",
    )
    metrics_token: str | None = Field(
        default=None,
        repr=False,
        description="What Prometheus shows at /metrics; unset, only this machine may look",
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="A port for metrics alone, open to all who reach it; the worker has no other",
    )
    sentry_dsn: str | None = Field(default=None, repr=False, description="Where crashes are reported, if anywhere")
    trusted_proxies: int = Field(
        default=0, ge=0, description="How many proxies of ours a request passes; their X-Forwarded-For is believed"
    )
    api_docs: bool = Field(default=True, description="Whether /docs and /openapi.json are shown to everybody")
    agreements: str | None = Field(
        default=None,
        description="Channels for whose provider you have a contract or notice, as in sms, email; then no others start",
    )
    telegram_token: str | None = Field(default=None, repr=False, description="Of the bot, from @BotFather")
    telegram_api_url: str = Field(
        default="https://api.telegram.org", description="Or something that stands in for Telegram"
    )
    telegram_webhook_secret: str | None = Field(
        default=None,
        repr=False,
        description="32 or more random characters; while it is being changed, new and old with a comma",
    )
    twilio_account_sid: str | None = Field(default=None, description="AC and 32 hexadecimal digits")
    twilio_auth_token: str | None = Field(
        default=None, repr=False, description="The primary one; while it is being changed, new and old with a comma"
    )
    twilio_api_url: str | None = Field(default=None, description="Something that stands in for Twilio")
    twilio_sms_from: str | None = Field(default=None, description="Our number, as in +4915735980000")
    twilio_whatsapp_from: str | None = Field(default=None, description="Our WhatsApp number, without whatsapp:")
    twilio_templates: dict[str, str] = Field(
        default_factory=dict, description="ContentSids of approved templates by kind of message, as JSON"
    )
    sms_countries: str = Field(
        default="DE,AT,BE,CH,CZ,DK,FR,LU,NL,PL", description="Countries that are written to by SMS"
    )
    sms_per_person: int = Field(default=40, ge=1, description="Texts a day to one number")
    sms_per_day: int = Field(
        default=1000, ge=1, description="Texts a day in all; three in ten are kept for confirmations and reminders"
    )
    relay_url: str | None = Field(
        default=None, description="Where a program of yours takes our messages, as in https://chat.example.de/out"
    )
    relay_secret: str | None = Field(
        default=None, repr=False, description="whsec_ and random bytes in Base64, known to that program"
    )
    smtp_url: str | None = Field(
        default=None, repr=False, description="smtp://user:password@host:587, or smtps:// for TLS from the start"
    )
    mail_from: str | None = Field(default=None, description="The sender, as in Werkstatt <termin@example.de>")
