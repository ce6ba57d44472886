"""A gateway in another process, which writes on request and reports when it has.

Run as a module it is that process: it reads one JSON object a line and answers each with a line.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tests.gateway_root import GatewayRoot


class RemoteGateway(GatewayRoot):
    """A ``GatewayRoot`` whose writes are done by another process."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.remote_gateway", str(root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate()

    def _tell(self, does: str, **what: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"does": does, **what}) + "\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"

    def write(self, relative: str, content: str | bytes) -> Path:
        """Write a temp file, then rename it."""
        text = content if isinstance(content, str) else content.decode("latin-1")
        encoding = "utf-8" if isinstance(content, str) else "latin-1"
        self._tell("write", relative=relative, text=text, encoding=encoding)
        return self.automations / relative

    def append_log(self, relative: str, *entries: Mapping[str, object]) -> Path:
        """Append in place."""
        self._tell("append", relative=relative, entries=list(entries))
        return self.automations / relative

    def remove(self, relative: str) -> None:
        """Remove a file, or a directory and its content; ``.`` is the whole root."""
        self._tell("remove", relative=relative)


def _serve(gateway: GatewayRoot) -> None:
    for line in sys.stdin:
        order = json.loads(line)
        if order["does"] == "write":
            gateway.write(order["relative"], order["text"].encode(order["encoding"]))
        elif order["does"] == "append":
            gateway.append_log(order["relative"], *order["entries"])
        elif order["relative"] == ".":
            shutil.rmtree(gateway.root)
        else:
            path = gateway.automations / order["relative"]
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        print("done", flush=True)


if __name__ == "__main__":
    _serve(GatewayRoot(Path(sys.argv[1])))
