"""All findings about a stock gateway, and those about the gateway itself, its locks and its store."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.model.findings.finding import SEVERITIES, Finding, Severity
from clawtui.model.gateway.findings.jobs import job_findings
from clawtui.model.gateway.findings.runs import run_findings
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.gateway.state import VERSION_PROBLEM
from clawtui.model.text.command_line import CommandLine


def examine(report: GatewayReport) -> tuple[Finding, ...]:
    """Return the findings in ``report``, the most severe first."""
    found = [*gateway_findings(report), *run_findings(report), *job_findings(report)]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


def gateway_findings(report: GatewayReport) -> Iterator[Finding]:
    """Yield the findings about the gateway, its lock files and its database."""
    yield from _store(report)
    yield from _condition(report)
    yield from _locks(report)


def _store(report: GatewayReport) -> Iterator[Finding]:
    state = report.state
    for problem in state.problems:
        blocked = not state.is_complete
        code = "database-newer" if state.is_newer and VERSION_PROBLEM in problem.message else "store-unreadable"
        fix = report.command("doctor", "--fix") if blocked else None
        severity: Severity = "error" if blocked else "warning"
        yield Finding(code, severity, problem.path, problem.message, fix)


def _condition(report: GatewayReport) -> Iterator[Finding]:
    enabled = sum(bool(job.enabled) for job in report.state.jobs.values())
    facts = "; ".join(report.condition_facts)
    if report.condition == "stuck":
        message = f"{facts}. It keeps its process and does not renew its lease: it may hang."
        yield Finding("gateway-stuck", "error", "gateway", message, report.command("gateway", "restart"))
    elif report.condition in ("down", "stopped") and enabled:
        severity: Severity = "error" if report.condition == "down" else "warning"
        message = f"{facts}. Nothing runs until it is started: {enabled} enabled automations."
        start = report.command("gateway", "start")
        yield Finding("gateway-down", severity, "gateway", message, start)
    elif report.condition == "elsewhere":
        lease = report.state.lease
        if lease is not None and lease.is_expired(report.now):
            message = f"{facts}. Whether it lives can only be seen on {lease.host or 'its host'}."
            yield Finding("gateway-lease-expired", "warning", "gateway", message)
        else:
            yield Finding("gateway-elsewhere", "info", "gateway", f"{facts}.")


def _locks(report: GatewayReport) -> Iterator[Finding]:
    for judged in report.locks:
        lock, judgement = judged.lock, judged.judgement
        if judgement.verdict == "orphaned":
            outside = " It lies outside the state directory." if lock.outside else ""
            message = f"the lock's holder cannot be alive: {judgement.facts[0]}.{outside}"
            release = CommandLine(report.argument or report.state.root).command("lock", "release", lock.path)
            fix = report.command("doctor", "--fix") if lock.outside else release
            yield Finding(f"{lock.kind}-lock-stale", "warning", lock.path, message, fix)
        elif judgement.verdict == "invalid":
            yield Finding(f"{lock.kind}-lock-invalid", "warning", lock.path, f"{judgement.facts[0]}.")
