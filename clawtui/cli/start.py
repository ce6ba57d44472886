"""Prepare the process of the program ``clawtui`` so that it starts fast, before anything else is imported."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, Final, cast

_standing_in: Final[dict[str, ModuleType]] = {}
"""The modules that stand in place of others, by name."""


def _real(name: str) -> Any:
    """Return the module that has been replaced; it is imported at the first call, from any thread."""
    if sys.modules.get(name) is _standing_in.get(name):
        sys.modules.pop(name, None)
    return import_module(name)


def _at_call(name: str, function: str) -> Callable[..., Any]:
    """Return a function that imports the module at its first call and then is the one of that name in it."""

    def call(*arguments: Any) -> Any:
        return getattr(_real(name), function)(*arguments)

    return call


def _untranslated(message: str) -> str:
    return message


def _untranslated_plural(one: str, several: str, number: int) -> str:
    return one if number == 1 else several


def _without_indent(text: str) -> str:
    cleaned: str = _real("inspect").cleandoc(text) if "\n" in text else text.expandtabs().lstrip()
    return cleaned


def _system_name() -> str:
    return os.uname().sysname


_AT_USE: Final[Mapping[str, Mapping[str, Callable[..., Any]]]] = {
    "anyio": {},  # watchfiles can be awaited
    "asyncio.sslproto": {},  # connections with TLS
    "base64": {},  # pydantic's types for encoded bytes
    "bz2": {},  # shutil asks which compressions there are
    "gettext": {"gettext": _untranslated, "ngettext": _untranslated_plural},  # click has no translations
    "inspect": {"cleandoc": _without_indent},  # click formats help texts with it
    "ipaddress": {},  # urllib checks hosts in brackets with it
    "linecache": {},  # inspect reads source text with it
    "lzma": {},
    "mimetypes": {},  # Textual offers files for download
    "msgspec.inspect": {},  # msgspec writes JSON schemas with it
    "platform": {"system": _system_name},  # uuid asks for it
    "pprint": {"saferepr": _at_call("pprint", "saferepr")},  # pyjson5 describes its errors with it
    "secrets": {},  # pydantic makes nothing secret; it imports OpenSSL
    "shutil": {},  # tempfile removes trees with it
    "ssl": {},
    "textwrap": {},  # msgspec writes JSON schemas with it
    "watchfiles.run": {name: _at_call("watchfiles.run", name) for name in ("arun_process", "run_process")},
}
"""Modules that libraries import at each start, and that few runs use. They take a fifth of a short command.

Beside a module are the functions of it that each start imports by name or calls. They do the same without the module.
"""


def prepare_process() -> None:
    """Make this process start fast. It must run before the first import, and only where clawtui is the program.

    Python collects garbage after every 700 new objects and three times at the end of the process. Imported modules are
    not garbage, and these collections take a third of the time of a short command. Pydantic searches for installed
    plugins, which loads importlib.metadata and e-mail parsing and takes as long as reading a hundred documents. Its own
    switch is an environment variable: child processes would inherit it, and it does not keep the modules from being
    loaded.
    """
    gc.set_threshold(200_000, 10, 10)
    atexit.register(gc.freeze)
    for name, functions in _AT_USE.items():
        _import_at_use(name, functions)
    no_plugins = ModuleType("pydantic.plugin._loader")
    vars(no_plugins)["get_plugins"] = tuple
    sys.modules.setdefault(no_plugins.__name__, no_plugins)
    _import_msgspec()


def _import_at_use(name: str, functions: Mapping[str, Callable[..., Any]]) -> None:
    """Put a module in place of `name` that has `functions`.

    It imports the real one at the first use of another name in it, from any thread.
    """

    def load(attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return getattr(_real(name), attribute)

    standing_in = ModuleType(name)
    vars(standing_in).update(functions, __getattr__=load)
    if sys.modules.setdefault(name, standing_in) is standing_in:
        _standing_in[name] = standing_in


def _import_msgspec() -> None:
    """Import msgspec without typing_extensions: what it takes from there is in ``typing`` too, since Python 3.11."""
    name = "typing_extensions"
    if name in sys.modules:
        return
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    modules[name] = None  # the form in which Python keeps that a module must not be imported
    try:
        import_module("msgspec")
    finally:
        del modules[name]
