"""What whoever makes something new sends along."""

from typing import Annotated

from fastapi import Header

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=16,
        max_length=128,
        pattern=r"^[\x21-\x7e]*$",
        description="The same key does it once, however often it is sent",
        examples=["b7e9a1c2-4f3d-4a55-9d2e-7f1f3c0a9b11"],
    ),
]
