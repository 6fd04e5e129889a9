"""Where and how this application is reached."""

from dataclasses import dataclass, field

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

    @classmethod
    def of(cls, settings: Settings) -> "Site":
        url = (settings.public_url or "").rstrip("/")
        return cls(url, settings.redis_url, settings.trusted_proxies, api_docs=settings.api_docs)

    @property
    def encrypted(self) -> bool:
        return self.public_url.startswith("https://")
