"""The user's settings: each with its type, default and meaning."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.model.text.units import parse_span

ThemeChoice = Literal["auto", "dark", "light", "ansi", "none"]
AsciiChoice = Literal["auto", "always", "never"]
NewsKind = Literal["run-failed", "lock-orphaned", "slot-leaked", "run-finished"]
Channel = Literal["toast", "bell", "osc9", "osc99", "osc777"]
LabelColour = Literal["red", "yellow", "green", "blue", "magenta", "cyan"]


def _span(value: object) -> timedelta:
    """Return the span of a text such as ``15m``; a number is refused, as it has no unit."""
    span = parse_span(value) if isinstance(value, str) else value
    if not isinstance(span, timedelta):
        raise PydanticCustomError("expected", "must be {expected}", {"expected": "a span such as 15m or 1h30m"})
    return span


Text = Annotated[str, Strict(), Field(min_length=1)]
Switch = Annotated[bool, Strict()]
Span = Annotated[timedelta, BeforeValidator(_span)]


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Table(BaseModel):
    """A table of the settings file: frozen, with hyphens in its keys; unknown keys are refused.

    Its validator is built when a file is read, so that a start without one does not pay for it.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", alias_generator=_kebab, populate_by_name=True, defer_build=True
    )


class RootSettings(Table):
    """A named state directory, on this host or on another one."""

    path: Text | None = Field(
        None, description="the state directory: what holds automations/; ~ is your home. With a host: optional"
    )
    host: Text | None = Field(
        None, description="the host it is on, as ssh knows it: gw1, or user@gw1; absent: this one"
    )
    command: Text = Field("clawtui", description="with a host: the command that starts clawtui there")
    label: str = Field("", description="what the header says of it, such as PRODUCTION")
    colour: LabelColour = Field("red", description="the label's colour")
    read_only: Switch = Field(False, description="show this one and change nothing in it")

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if self.path is None and self.host is None:
            raise PydanticCustomError("needs", "needs {what}", {"what": "a path or a host"})
        return self


class NotifySettings(Table):
    """Which events are notified, and how."""

    on: tuple[NewsKind, ...] = Field(
        ("run-failed", "lock-orphaned", "slot-leaked"), description="which events are reported"
    )
    by: tuple[Channel, ...] = Field(
        ("toast",), description="how: a line in the dashboard, the bell, or the desktop by way of the terminal"
    )
    command: tuple[Text, ...] = Field(
        (),
        description="a program with its arguments that is run for each report, without a shell; it has CLAWTUI_EVENT, "
        "CLAWTUI_SUBJECT, CLAWTUI_TEXT and CLAWTUI_ROOT in its environment",
    )


class RemoteSettings(Table):
    """How other hosts are reached."""

    ssh: Text = Field(
        "ssh", description="the command for ssh, split as by a shell: ssh -F /etc/gateways; $CLAWTUI_SSH_COMMAND wins"
    )


class Settings(Table):
    """All settings. Those that the file does not have keep the defaults here."""

    root: Text | None = Field(
        None, description="the root where neither --root nor the environment names one: a name below, or a path"
    )
    read_only: Switch = Field(False, description="start with --read-only; --read-write then allows changes")
    quiet_after: Span = Field(QUIET_AFTER, description="how long a run may be silent before it counts as quiet")
    theme: ThemeChoice = Field(
        "auto", description="colours: ansi is the terminal's own sixteen, auto heeds what the terminal says of itself"
    )
    ascii: AsciiChoice = Field("auto", description="plain ASCII marks; auto: where locale or terminal know no others")
    animations: Switch = Field(False, description="whether anything on the screen may glide")
    notify: NotifySettings = Field(default_factory=NotifySettings.model_construct)
    columns: Mapping[str, tuple[Text, ...]] = Field(
        default_factory=dict, description="the columns of a table by their headings; all of them where it is not named"
    )
    keys: Mapping[str, Text] = Field(
        default_factory=dict, description="other keys for an operation, with commas between"
    )
    remote: RemoteSettings = Field(default_factory=RemoteSettings.model_construct)
    roots: Mapping[str, RootSettings] = Field(
        default_factory=dict, description="state directories with names, for --root NAME"
    )


DEFAULTS: Final = Settings.model_construct()
"""The settings without a file."""

CAREFUL: Final = Settings.model_construct(read_only=True)
"""The settings if the file cannot be read: it may have set ``read-only``."""


def span_text(span: timedelta) -> str:
    """Return a span in the form of the settings file: ``1h30m``."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return "".join(f"{amount}{unit}" for amount, unit in ((hours, "h"), (minutes, "m"), (seconds, "s")) if amount)
