"""Lists in pages: where the next one begins stands in the answer, and in its header Link (RFC 8288)."""

from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response

from app.admin.types import Listed
from app.api.paging import link_next
from booking_core.counter.pages import Page

T = TypeVar("T")


@dataclass(frozen=True)
class Pages:
    """The answer that is being made; called with a page, it shows it."""

    request: Request
    response: Response

    def __call__(self, page: Page[T]) -> Listed[T]:
        if page.after is not None:
            link_next(self.request, self.response, after=page.after)
        return Listed(items=list(page.items), next=page.after)


def _pages(request: Request, response: Response) -> Pages:
    return Pages(request, response)


InPages = Annotated[Pages, Depends(_pages)]
