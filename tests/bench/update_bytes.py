"""The bytes that one progress update sends to the terminal, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.b8_update import PAUSE
from tests.bench.decoded import Decoder
from tests.bench.probe import Probe
from tests.bench.programs import dashboard
from tests.bench.roots import BenchRoot, bench_root, name

AUTOMATIONS = 20


def show() -> Iterator[str]:
    """Print the capture, then its meaning."""
    with bench_root() as root:
        root.furnish(AUTOMATIONS, running=1)
        with dashboard(root) as probe:
            probe.until(b"Merging", since=0)
            probe.settle()
            _update(root, probe, 63, "Resolving conflicts")
            data = _update(root, probe, 64, "Resolving conflicts")
    yield f"63 % → 64 % of one run among {AUTOMATIONS} automations: {len(data)} bytes"
    yield ""
    yield from (repr(data[at : at + 80])[2:-1] for at in range(0, len(data), 80))
    yield ""
    for sent in Decoder().decode(data):
        yield f"row {sent.row:>2}, column {sent.column:>3}: {sent.text!r}  (SGR {' '.join(sent.styles)})"


def _update(root: BenchRoot, probe: Probe, percentage: int, milestone: str) -> bytes:
    fresh, target = root.advance(name(0), percentage=percentage, milestone=milestone)
    probe.settle(PAUSE)
    fresh.rename(target)
    return b"".join(chunk.data for chunk in probe.read_for(PAUSE))
