"""Prepare the process of the program ``clawtui`` so that it starts fast, before anything else is imported."""

from __future__ import annotations

import atexit
import gc
import sys
from importlib import import_module
from types import ModuleType
from typing import Any, Final

_AT_USE: Final = (
    "asyncio.sslproto",  # connections with TLS
    "base64",  # pydantic's types for encoded bytes
    "bz2",  # shutil asks which compressions there are
    "linecache",  # inspect reads source text with it
    "lzma",
    "mimetypes",  # Textual offers files for download
    "msgspec.inspect",  # msgspec writes JSON schemas with it
    "secrets",  # pydantic makes nothing secret; it imports OpenSSL
    "shutil",  # tempfile removes trees with it
    "ssl",
)
"""Modules that libraries import at each start, and that few runs use. They take a twentieth of a short command."""


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
    for name in _AT_USE:
        _import_at_use(name)
    no_plugins = ModuleType("pydantic.plugin._loader")
    vars(no_plugins)["get_plugins"] = tuple
    sys.modules.setdefault(no_plugins.__name__, no_plugins)


def _import_at_use(name: str) -> None:
    """Put a module in place of `name` that imports the real one at the first use of a name in it, from any thread."""

    def load(attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        if sys.modules.get(name) is standing_in:
            sys.modules.pop(name, None)
        return getattr(import_module(name), attribute)

    standing_in = ModuleType(name)
    vars(standing_in)["__getattr__"] = load
    sys.modules.setdefault(name, standing_in)
