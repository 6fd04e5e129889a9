"""What we call ourselves: the address of a relay, with each letter for one of its customers."""

from typing import Annotated, Any

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field

hooks = APIRouter()

_EXAMPLE: dict[str, Any] = {
    "recipient": "visitor-4711",
    "text": "Ölwechsel bei Autowerkstatt am Dom, diese Zeiten sind frei. Welche passt?",
    "choices": [{"id": "slot-1", "label": "Di, 24.11., 08:00"}, {"id": "other", "label": "Andere Zeiten"}],
    "kind": "reply",
}


class Choice(BaseModel):
    """Whoever takes it sends its `id` back."""

    id: str
    label: str


class Letter(BaseModel):
    """`recipient` is the `sender` whom it answers; `kind` is "reply" for an answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    recipient: str
    text: str
    choices: list[Choice]
    kind: str


class Signed(BaseModel):
    """As Standard Webhooks has it."""

    webhook_id: str = Field(description="The letter's own; a repeated one has the same")
    webhook_timestamp: int = Field(description="Seconds since 1970")
    webhook_signature: str = Field(description="`v1,` and an HMAC in base64, as Standard Webhooks has it")


@hooks.post(
    "letter",
    operation_id="letter",
    tags=["webhooks"],
    status_code=204,
    response_description="It is on its way to the customer",
    responses={
        401: {"description": "The signature is wrong: it comes again in ten minutes"},
        429: {"description": "Too much at once: it comes again, after `Retry-After` if that is sent"},
        503: {"description": "Not now: it comes again, after `Retry-After` if that is sent"},
    },
)
def letter(letter: Letter, _signed: Annotated[Signed, Header()]) -> None:
    """A letter to one of a relay's customers, sent to RELAY_URL. What customers say comes back to `/webhooks/relay`."""
