"""The simulation of one job: its runs begin, add messages to their transcript, and end."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from clawtui.demo.openclaw.jobs import HOUR, MINUTE, DemoJob
from clawtui.demo.openclaw.store import GatewayStore, now_ms

Owner = tuple[int, int | None, str]
"""A process: its pid, its start in ticks since the boot, and its host."""


class PlayedJob:
    """A job, its state, and its run in progress."""

    def __init__(self, spec: DemoJob, store: GatewayStore, owner: Owner, speed: float, began: int) -> None:
        self._spec = spec
        self._store = store
        self._owner = owner
        self._speed = speed
        self._job = spec.definition(began - 30 * 24 * HOUR)
        self._state: dict[str, object] = {"consecutiveErrors": 0}
        self._receipt = self._session = ""
        self._started = 0
        self._turn = 0
        self._due = began + self._span(spec.every // 3) if spec.every else None
        self._write_past(began)

    def play(self) -> None:
        """Perform the step that is due: begin a run, add the next messages of its agent, or end it."""
        now, spec = now_ms(), self._spec
        if self._receipt:
            turns = len(spec.turns)
            if self._turn < turns and now - self._started >= self._span(spec.takes) * (self._turn + 1) // (turns + 1):
                self._call_tool()
            if now - self._started >= self._span(spec.takes):
                self._end(now)
        elif self._due is not None and now >= self._due:
            self._begin(now)

    def orphan(self, dead: Owner) -> None:
        """Write a run that the process `dead` began and did not end."""
        started = now_ms() - 25 * MINUTE
        self._state |= {"runningAtMs": started, "runningReceiptId": "orphan"}
        self._store.put_run(str(uuid.uuid4()), self._job, dead, started)
        self._store.put_job(self._job, self._state)

    def _span(self, milliseconds: int) -> int:
        return max(1, round(milliseconds / self._speed))

    def _write_past(self, began: int) -> None:
        spec = self._spec
        for number in range(spec.past, 0, -1):
            apart = spec.every or spec.past_every
            started = began - spec.quiet_for - number * apart + min(apart // 10, MINUTE)
            took = spec.takes * (90 + number * 7 % 40) // 100
            self._receipt = str(uuid.uuid4())
            self._record(started, started + took)
        self._receipt = ""
        self._store.put_job(self._job, self._state)

    def _begin(self, now: int) -> None:
        self._receipt, self._session, self._started, self._turn = str(uuid.uuid4()), str(uuid.uuid4()), now, 0
        self._state |= {"runningAtMs": now, "runningReceiptId": self._receipt, "nextRunAtMs": now}
        session = self._session if self._spec.turns else None
        self._store.put_run(self._receipt, self._job, self._owner, now, session=session)
        self._store.put_job(self._job, self._state)
        self._store.log("cron: job run started", "DEBUG", jobId=self._spec.id)
        if self._spec.turns:
            self._say(0, {"role": "user", "content": f"[cron:{self._spec.id}] {self._spec.name}: begin."})

    def _call_tool(self) -> None:
        command = self._spec.turns[self._turn]
        call = {"type": "toolCall", "name": "exec", "arguments": {"command": command}}
        self._say(2 * self._turn + 1, _assistant(call, 800 + 240 * self._turn))
        answer = {"type": "text", "text": f"{command.split()[0]}: ok"}
        self._say(2 * self._turn + 2, {"role": "toolResult", "toolName": "exec", "content": [answer]})
        self._turn += 1

    def _say(self, seq: int, message: dict[str, object]) -> None:
        self._store.say(self._session, seq, self._job, message)

    def _end(self, now: int) -> None:
        spec = self._spec
        if spec.turns:
            self._say(2 * self._turn + 1, _assistant({"type": "text", "text": spec.summary}, 180))
        self._due = now + self._span(spec.every or HOUR)
        self._state = {key: value for key, value in self._state.items() if not key.startswith("running")}
        self._record(self._started, now)
        self._receipt = ""
        self._store.put_job(self._job, self._state)
        level = "WARN" if spec.error else "INFO"
        self._store.log(f"cron: job run {'failed' if spec.error else 'ok'}", level, jobId=spec.id, error=spec.error)

    def _record(self, started: int, finished: int) -> None:
        """Write the end of a run, and the state of the job after it."""
        spec, status = self._spec, "error" if self._spec.error else "ok"
        errors = self._state["consecutiveErrors"]
        count = errors + 1 if spec.error and isinstance(errors, int) else 0
        entry = {
            "ts": finished,
            "severity": "error" if spec.error else "info",
            "message": f"command {status}: sh -lc …",
        }
        detail: dict[str, object] = {"kind": "cron-run", "status": status, "summary": spec.summary}
        if not spec.turns:
            detail["diagnostics"] = {"entries": [entry]}
        if spec.kind == "agentTurn":
            detail |= {"model": "demo-model", "usage": {"total_tokens": 2480}, "sessionId": self._session or None}
        if spec.delivery_error:
            detail |= {"deliveryStatus": "failed", "deliveryError": spec.delivery_error}
        session = self._session if spec.turns else None
        self._store.put_run(
            self._receipt,
            self._job,
            self._owner,
            started,
            finished=finished,
            status=status,
            error=spec.error,
            session=session or None,
            detail=detail,
        )
        self._state |= {
            "lastRunAtMs": started,
            "lastRunStatus": status,
            "lastStatus": status,
            "lastDurationMs": finished - started,
            "lastError": spec.error,
            "lastDeliveryError": spec.delivery_error,
            "consecutiveErrors": count,
            "nextRunAtMs": self._due or now_ms() + HOUR,
        }
        if not spec.enabled:
            self._state.pop("nextRunAtMs")


def _assistant(part: Mapping[str, object], tokens: int) -> dict[str, object]:
    return {"role": "assistant", "content": [part], "usage": {"totalTokens": tokens}}
