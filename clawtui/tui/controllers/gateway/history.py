"""Reading more of a stock gateway than a fleet has, in the background: runs of long ago, and transcripts.

Files of this host are read; the agent of another host is asked.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from clawtui.live.source import Source
from clawtui.model.errors import Refused, Unreadable
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.runs.timeline import Step

if TYPE_CHECKING:
    from clawtui.remote.client.exchange import Exchange

MOST_RUNS: Final = 1000
"""How many runs of a job are read."""


def read_runs(root: Path, source: Source | None, job_id: str) -> tuple[GatewayRun, ...]:
    """Return the newest runs of a job, newest first. Raises ClawtuiError.

    ``source`` is that of a root on another host; None for one on this host.
    """
    if source is not None:
        from clawtui.remote.client.gateway import runs_there

        return runs_there(_exchange(source), job_id)
    from clawtui.files.store_kind import store_kind
    from clawtui.openclaw.reader import read_gateway

    kind = store_kind(root)
    if kind is None:
        raise Unreadable("there is no store of a gateway any more")
    return read_gateway(root, kind, MOST_RUNS, job_id).runs.get(job_id, ())


def read_steps(root: Path, source: Source | None, run: GatewayRun, agent: str | None) -> tuple[Step, ...]:
    """Return the tool calls and messages of a run of the job's ``agent``. Raises ClawtuiError.

    ``source`` is as for ``read_runs``.
    """
    if source is not None:
        from clawtui.remote.client.gateway import transcript_there

        return transcript_there(_exchange(source), run)
    from clawtui.openclaw.transcript_steps import read_transcript

    return read_transcript(root, run, agent)


def _exchange(source: Source) -> Exchange:
    """Return the questions to the agent of a root on another host. Raises Refused where that has none."""
    from clawtui.remote.client.source import RemoteSource

    if not isinstance(source, RemoteSource):
        raise Refused("this root has no agent that could be asked")
    return source.exchange
