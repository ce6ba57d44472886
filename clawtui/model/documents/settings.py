"""The user's settings: each with its type, default and meaning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal, get_args

from msgspec import Meta, field

from clawtui.model.checked.field_types import Flag
from clawtui.model.checked.markers import Expected
from clawtui.model.checked.reading import from_plain
from clawtui.model.checked.struct import Checked, DocumentField, Refusal
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.model.text.units import parse_span

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

ThemeChoice = Literal["auto", "dark", "light", "ansi", "none"]
AsciiChoice = Literal["auto", "always", "never"]
NewsKind = Literal["run-failed", "lock-orphaned", "slot-leaked", "run-finished"]
Channel = Literal["toast", "bell", "osc9", "osc99", "osc777"]
LabelColour = Literal["red", "yellow", "green", "blue", "magenta", "cyan"]


def _span(value: object) -> timedelta:
    """Return the span of a text such as ``15m``; a number is refused, as it has no unit."""
    span = parse_span(value) if isinstance(value, str) else value
    if not isinstance(span, timedelta):
        raise ValueError(value)
    return span


def _span_schema() -> CoreSchema:
    from pydantic_core import core_schema

    return core_schema.no_info_plain_validator_function(_span)


Text = Annotated[str, Meta(min_length=1)]
Span = Annotated[timedelta, Expected("a span such as 15m or 1h30m", _span_schema)]


class Table(Checked, rename="kebab"):
    """A table of the settings file: frozen, with hyphens in its keys; unknown keys are refused."""


class RootSettings(Table):
    """A named state directory, on this host or on another one."""

    path: Annotated[
        Text | None,
        Meta(description="the state directory: what holds automations/; ~ is your home. With a host: optional"),
    ] = None
    host: Annotated[
        Text | None, Meta(description="the host it is on, as ssh knows it: gw1, or user@gw1; absent: this one")
    ] = None
    command: Annotated[Text, Meta(description="with a host: the command that starts clawtui there")] = "clawtui"
    label: Annotated[str, Meta(description="what the header says of it, such as PRODUCTION")] = ""
    colour: Annotated[LabelColour, Meta(description="the label's colour")] = "red"
    read_only: Annotated[Flag, Meta(description="show this one and change nothing in it")] = False

    def usual(self) -> bool:
        """Return whether it has a place."""
        return self.path is not None or self.host is not None

    def refusal(self) -> Refusal | None:
        """Return why it is refused: it has no place."""
        return None if self.usual() else Refusal("needs", {"what": "a path or a host"})


class NotifySettings(Table):
    """Which events are notified, and how."""

    on: Annotated[tuple[NewsKind, ...], Meta(description="which events are reported")] = (
        "run-failed",
        "lock-orphaned",
        "slot-leaked",
    )
    by: Annotated[
        tuple[Channel, ...],
        Meta(description="how: a line in the dashboard, the bell, or the desktop by way of the terminal"),
    ] = ("toast",)
    command: Annotated[
        tuple[Text, ...],
        Meta(
            description="a program with its arguments that is run for each report, without a shell; it has "
            "CLAWTUI_EVENT, CLAWTUI_SUBJECT, CLAWTUI_TEXT and CLAWTUI_ROOT in its environment"
        ),
    ] = ()


class RemoteSettings(Table):
    """How other hosts are reached."""

    ssh: Annotated[
        Text,
        Meta(description="the command for ssh, split as by a shell: ssh -F /etc/gateways; $CLAWTUI_SSH_COMMAND wins"),
    ] = "ssh"


class Settings(Table):
    """All settings. Those that the file does not have keep the defaults here."""

    root: Annotated[
        Text | None,
        Meta(description="the root where neither --root nor the environment names one: a name below, or a path"),
    ] = None
    read_only: Annotated[Flag, Meta(description="start with --read-only; --read-write then allows changes")] = False
    quiet_after: Annotated[Span, Meta(description="how long a run may be silent before it counts as quiet")] = (
        QUIET_AFTER
    )
    theme: Annotated[
        ThemeChoice,
        Meta(description="colours: ansi is the terminal's own sixteen, auto heeds what the terminal says of itself"),
    ] = "auto"
    ascii: Annotated[
        AsciiChoice, Meta(description="plain ASCII marks; auto: where locale or terminal know no others")
    ] = "auto"
    animations: Annotated[Flag, Meta(description="whether anything on the screen may glide")] = False
    notify: NotifySettings = field(default_factory=NotifySettings)
    columns: Annotated[
        Mapping[str, tuple[Text, ...]],
        Meta(description="the columns of a table by their headings; all of them where it is not named"),
    ] = field(default_factory=dict)
    keys: Annotated[Mapping[str, Text], Meta(description="other keys for an operation, with commas between")] = field(
        default_factory=dict
    )
    remote: RemoteSettings = field(default_factory=RemoteSettings)
    roots: Annotated[Mapping[str, RootSettings], Meta(description="state directories with names, for --root NAME")] = (
        field(default_factory=dict)
    )


DEFAULTS: Final = Settings()
"""The settings without a file."""

CAREFUL: Final = DEFAULTS.changed(read_only=True)
"""The settings if the file cannot be read: it may have set ``read-only``."""


_QUIET_AFTER: Final = "quiet-after"


def read_settings(raw: Mapping[str, object]) -> Settings:
    """Return the settings in ``raw``, as a parser of TOML returned it.

    Raises pydantic's ValidationError (`reading.refused`) with all faults.
    """
    written = raw.get(_QUIET_AFTER)
    span = parse_span(written) if isinstance(written, str) else None
    return from_plain(Settings, raw if span is None else {**raw, _QUIET_AFTER: span})


def description_of(field: DocumentField) -> str:
    """Return the meaning of a setting; empty for a table."""
    metas = (mark for mark in get_args(field.type) if isinstance(mark, Meta))
    return next((meta.description for meta in metas if meta.description), "")


def span_text(span: timedelta) -> str:
    """Return a span in the form of the settings file: ``1h30m``."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return "".join(f"{amount}{unit}" for amount, unit in ((hours, "h"), (minutes, "m"), (seconds, "s")) if amount)
