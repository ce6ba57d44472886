"""The request that one clawtui sends to the one on another host: a command line and the root for it.

It travels as one word of letters, digits, ``-`` and ``_``, which no shell changes: the login shell there may be any.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clawtui.model.errors import Invalid

PROTOCOL: Final = 1
"""The version of the request and of the first line of the answer. It changes when an older side could not go on."""

MAX_REQUEST: Final = 64 * 1024
"""The most characters of an encoded request: the command line of a host is bounded too."""

MAX_NAME: Final = 4096
"""The most characters of the name or address of a root."""

_GREETING = re.compile(r"clawtui-agent (\d{1,9}) ([0-9a-f]{32}) ([0-9A-Za-z.+-]{1,40})")


SERVE: Final = ("serve-root",)
"""The words of a request to serve: a clawtui that cannot serve refuses them as an unknown command."""


class Request(BaseModel):
    """One command for the other end. Unknown fields of a newer side are ignored."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    protocol: int = PROTOCOL
    nonce: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """Random digits that the answer's first line repeats, so that nothing else is taken for it."""
    words: tuple[str, ...]
    """The command line after ``clawtui``. Options that name a root are ignored in it."""
    root: str | None = None
    """The state directory there; None for the default one."""
    called: Annotated[str, Field(max_length=MAX_NAME)] | None = None
    """What ``--root`` takes for this root where the request comes from; an older side does not send it."""
    serve: bool = False
    """Whether to keep a dashboard current instead of running the words."""
    read_only: bool = False


def encode(request: Request) -> str:
    """Return the request as one word. Raises Invalid if it is too long."""
    word = base64.urlsafe_b64encode(request.model_dump_json().encode()).decode().rstrip("=")
    if len(word) > MAX_REQUEST:
        raise Invalid("the command line is too long for another host")
    return word


def decode(word: str) -> Request:
    """Return the request in ``word``. Raises Invalid if it is none."""
    try:
        if len(word) > MAX_REQUEST:
            raise ValueError("it is too long")
        data = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        return Request.model_validate(json.loads(data))
    except (ValueError, ValidationError, RecursionError) as error:
        raise Invalid("this is no request of clawtui") from error


def greeting(nonce: str, version: str) -> str:
    """Return the first line of an answer."""
    return f"clawtui-agent {PROTOCOL} {nonce} {version}"


def read_greeting(line: str, nonce: str) -> tuple[int, str] | None:
    """Return the protocol and the version in the first line of the answer to ``nonce``; None if it is another line.

    A shell may have printed something at the beginning of the same line.
    """
    found = _GREETING.search(line)
    return (int(found[1]), found[3]) if found is not None and found[2] == nonce else None
