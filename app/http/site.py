"""Where and how this application is reached."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.http.rates import Rates
from app.settings import Settings


@dataclass(frozen=True)
class Site:
    """`public_url` is without a slash at its end, `trusted_proxies` how many of ours each request passes."""

    public_url: str = ""
    redis_url: str | None = None
    trusted_proxies: int = 0
    rates: Rates = field(default_factory=Rates)
    api_docs: bool = True
    metrics_token: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "Site":
        return cls(
            (settings.public_url or "").rstrip("/"),
            settings.redis_url,
            settings.trusted_proxies,
            api_docs=settings.api_docs,
            metrics_token=settings.metrics_token,
        )

    @property
    def is_local(self) -> bool:
        """Whether nobody but this machine can reach it, as in demonstrations and while one is developing."""
        return urlsplit(self.public_url).hostname in {None, "localhost", "127.0.0.1", "::1"}

    @property
    def encrypted(self) -> bool:
        return self.public_url.startswith("https://")
