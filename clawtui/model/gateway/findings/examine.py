"""All findings about a stock gateway, the most severe first."""

from __future__ import annotations

from clawtui.model.findings.finding import SEVERITIES, Finding
from clawtui.model.gateway.findings.gateway import gateway_findings
from clawtui.model.gateway.findings.jobs import job_findings
from clawtui.model.gateway.findings.runs import run_findings
from clawtui.model.gateway.report import GatewayReport


def examine(report: GatewayReport) -> tuple[Finding, ...]:
    """Return what does not fit together; nothing is looked at but ``report``."""
    found = [*gateway_findings(report), *run_findings(report), *job_findings(report)]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
