"""``clawtui metrics``: the state in numbers, for Prometheus."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clawtui.cli.framework.command import Command, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import print_raw, say

if TYPE_CHECKING:
    from clawtui.model.metrics import Metric, MetricFacts

_PUBLIC = 0o644
"""The mode of a new file: node_exporter runs as another user, and no label has a secret or a name in it."""


@click.command(cls=Command)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Replace this file at once."
)
@json_option
@pass_invocation
def metrics(invocation: Invocation, output: Path | None, as_json: bool) -> None:
    """Print the state in numbers, in Prometheus' text format.

    Automations and runs by status, durations, locks by verdict, slots, findings. The values of the labels are of a
    small, known set; the root is the only path among them. For node_exporter's textfile collector, run it from cron
    with --output, which replaces the file in one step.

    \b
    Examples:
      clawtui metrics
      clawtui metrics --output /var/lib/node_exporter/clawtui.prom
      clawtui metrics --json | jq '.[] | select(.name == "clawtui_locks").samples'
    """
    from clawtui.model.metrics import metrics_of
    from clawtui.presentation.prometheus import exposition

    found = metrics_of(_facts(invocation))
    if as_json:
        invocation.printer.print_json([_row(metric) for metric in found])
    elif output is None:
        print_raw(exposition(found), end="")
    if output is not None:
        _write(output, exposition(found).encode())
        if not as_json:
            say(f"{len(found)} metrics written to {output}")


def _facts(invocation: Invocation) -> MetricFacts:
    from clawtui.operations.state.metrics import gateway_metric_facts, metric_facts

    if (report := invocation.gateway_report()) is not None:
        return gateway_metric_facts(report)
    from clawtui.operations.runs.run_states import read_judged_fleet

    paths, quiet_after = invocation.paths(), invocation.loaded().settings.quiet_after
    now = invocation.now().astimezone()
    return metric_facts(read_judged_fleet(paths, now, quiet_after), paths, now, quiet_after)


def _write(file: Path, data: bytes) -> None:
    from clawtui.files.fs.atomic import write_atomic

    file = file.absolute()
    is_new = not file.exists()
    write_atomic(file.parent, file.name, data)
    if is_new:
        file.chmod(_PUBLIC)


def _row(metric: Metric) -> dict[str, object]:
    samples = [{"labels": sample.labels, "value": sample.value} for sample in metric.samples]
    return {"name": metric.name, "type": metric.type, "help": metric.help, "samples": samples}
