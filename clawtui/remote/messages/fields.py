"""The base class, the field types and the limits of the messages between a dashboard and an agent."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, FailFast, Field

from clawtui.model.errors import ClawtuiError

FEED: Final = 1
"""The version of the messages. It changes when an older side could not go on."""

MAX_TEXT: Final = 1024 * 1024
"""The most characters of a document that is sent, and of the lines in one message."""

MAX_LINE: Final = 8 * 1024 * 1024
"""The most bytes of one message: a character takes at most six bytes in JSON."""

MAX_NAMES: Final = 5000
"""The most names or lines in one message."""

MAX_REQUEST_LINE: Final = 64 * 1024
"""The most bytes of one request to the agent."""


MAX_TEXT_FIELD: Final = 4096
"""The most characters of a short text."""
MAX_FACTS: Final = 100
"""The most facts behind one verdict."""


class BadMessage(ClawtuiError):
    """The other end sent something that is no message, or too much."""


Path = Annotated[str, Field(max_length=4096)]
Text = Annotated[str, Field(max_length=MAX_TEXT_FIELD)]
Names = Annotated[tuple[Path, ...], FailFast(), Field(max_length=MAX_NAMES)]
Facts = Annotated[tuple[Text, ...], FailFast(), Field(max_length=MAX_FACTS)]
Line = Annotated[str, Field(max_length=MAX_TEXT)]
Count = Annotated[int, Field(ge=0, le=2**62)]
Stamp = tuple[Count, Count, Count, Count]
Seconds = Annotated[float, Field(ge=0, le=2**34, allow_inf_nan=False)]
"""A time of a clock, in seconds since 1970; until the year 2514, so that arithmetic cannot overflow."""


class Message(BaseModel):
    """A message, or a part of one."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="ignore", defer_build=True)
