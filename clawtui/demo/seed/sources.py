"""The source files of the demo's repositories, and the resolution of conflicts in them."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from random import Random
from string import Template
from typing import NamedTuple

from clawtui.demo.seed.fleet_spec import AutomationSpec


class SourceOptions(NamedTuple):
    """The values in a source file on which fork and upstream disagree."""

    workers: int
    retries: int
    timeout: int
    """Seconds."""
    batch: int
    """It is far from the other values in the file, so that its change is a separate hunk."""

    def changed(self, rng: Random, batch_too: bool) -> SourceOptions:
        """Return other values for all fields, for ``batch`` only if ``batch_too``."""
        return SourceOptions(
            self.workers + rng.randint(1, 5),
            self.retries + rng.randint(1, 3),
            self.timeout + 5 * rng.randint(1, 6),
            self.batch * 2 + rng.randint(1, 7) if batch_too else self.batch,
        )


INITIAL = SourceOptions(workers=4, retries=2, timeout=30, batch=64)

_RUST = """\
//! The limits that $stem works within.

use std::time::Duration;

/// How hard $stem tries before it gives up.
#[derive(Clone, Debug, PartialEq)]
pub struct ${name}Limits {
    pub workers: usize,
    pub retries: u32,
    pub timeout: Duration,
}

impl Default for ${name}Limits {
    fn default() -> Self {
        Self {
            workers: $workers,
            retries: $retries,
            timeout: Duration::from_secs($timeout),
        }
    }
}

impl ${name}Limits {
    /// The pause before an attempt, longer each time.
    pub fn pause(&self, attempt: u32) -> Duration {
        Duration::from_millis(50 << attempt.min(self.retries))
    }

    /// A fair share of the work for each worker.
    pub fn share(&self, items: usize) -> usize {
        (items / self.workers.max(1)).clamp(1, $batch)
    }
}
"""

_PYTHON = '''\
"""The limits that $stem works within."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ${name}Limits:
    """How hard $stem tries before it gives up."""

    workers: int = $workers
    retries: int = $retries
    timeout: float = $timeout.0

    def pause(self, attempt: int) -> float:
        """The seconds before an attempt, more each time."""
        return 0.05 * 2 ** min(attempt, self.retries)

    def share(self, items: int) -> int:
        """A fair share of the work for each worker."""
        return max(1, min($batch, items // max(1, self.workers)))
'''

_GO = """\
package $package

import "time"

// ${name}Limits says how hard $stem tries before it gives up.
type ${name}Limits struct {
	Workers int
	Retries int
	Timeout time.Duration
}

// Default${name}Limits suit most machines.
var Default${name}Limits = ${name}Limits{
	Workers: $workers,
	Retries: $retries,
	Timeout: $timeout * time.Second,
}

// Pause is the time before an attempt, longer each time.
func (l ${name}Limits) Pause(attempt int) time.Duration {
	return 50 * time.Millisecond << min(attempt, l.Retries)
}

// Share is a fair share of the work for each worker.
func (l ${name}Limits) Share(items int) int {
	return max(1, min($batch, items/max(1, l.Workers)))
}
"""

_TYPESCRIPT = """\
/** How hard $stem tries before it gives up. */
export interface ${name}Limits {
  workers: number;
  retries: number;
  timeout: number;
}

export const default${name}Limits: ${name}Limits = {
  workers: $workers,
  retries: $retries,
  timeout: ${timeout}_000,
};

/** The pause before an attempt in milliseconds, longer each time. */
export function pause(limits: ${name}Limits, attempt: number): number {
  return 50 * 2 ** Math.min(attempt, limits.retries);
}

/** A fair share of the work for each worker. */
export function share(limits: ${name}Limits, items: number): number {
  return Math.max(1, Math.min($batch, Math.floor(items / Math.max(1, limits.workers))));
}
"""

_MANIFEST = """\
# What $stem needs.
workers = $workers
retries = $retries
timeout = $timeout

[build]
batch = $batch
"""

_TEMPLATES = {".rs": _RUST, ".py": _PYTHON, ".go": _GO, ".ts": _TYPESCRIPT}


def source(path: str, options: SourceOptions) -> str:
    """Return the content of the source file at ``path``."""
    place = PurePosixPath(path)
    name = "".join(part.capitalize() for part in re.split(r"[^a-zA-Z0-9]+", place.stem))
    template = Template(_TEMPLATES.get(place.suffix, _MANIFEST))
    return template.substitute(
        options._asdict(), stem=place.stem.strip("_"), name=name, package=place.parent.name or "main"
    )


def common_files(spec: AutomationSpec) -> dict[str, str]:
    """Return the files that every repository has in addition to its sources, by path."""
    return {
        "README.md": f"# {spec.repo}\n\nA small stand-in for {spec.upstream}, made by the demo of clawtui.\n",
        "CHANGELOG.md": "# Changes\n",
        "LICENSE": "Public domain; do what you like.\n",
        ".gitignore": "target/\nnode_modules/\n__pycache__/\ndist/\n",
        ".github/workflows/ci.yml": "on: [push, pull_request]\njobs:\n  test:\n    runs-on: ubuntu-latest\n",
        "docs/contributing.md": "# Contributing\n\nOpen an issue first.\n",
        "docs/architecture.md": f"# How {spec.repo} is laid out\n\nOne concern a file.\n",
        "tests/README.md": "Tests mirror the sources.\n",
    }


_HUNK = re.compile(r"^<{7} .*?\n(.*?)^={7}\n(.*?)^>{7} .*?\n", re.DOTALL | re.MULTILINE)


def hunks(conflicted: str) -> int:
    """Return the number of conflicts in a file."""
    return len(_HUNK.findall(conflicted))


def reconcile(conflicted: str) -> str:
    """Return the file without conflict markers, with alternating lines of both sides for each conflict, ours first."""
    return _HUNK.sub(lambda hunk: _in_turn(hunk[1], hunk[2]), conflicted)


def _in_turn(ours: str, theirs: str) -> str:
    mine, other = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    if len(mine) != len(other):
        return theirs
    return "".join(pair[number % 2] for number, pair in enumerate(zip(mine, other, strict=True)))
