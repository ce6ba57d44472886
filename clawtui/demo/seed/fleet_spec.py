"""The automations of the demo: forks with their upstreams, schedules and reliability."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from clawtui.model.documents.automation import Schedule

SYNC = "smart-sync-fork"
REPORT = "dependency-report"

USER = "mkessler"
"""The owner of the forks."""

Reliability = Literal["steady", "mixed", "flaky", "failing"]
"""The tendency of past and future runs to succeed."""

Feature = Literal["plain", "never-run", "far-away", "locked", "foreign", "expired", "commented", "malformed"]
"""The feature that an automation demonstrates; ``locked``, ``foreign``, ``expired`` are about its repository's lock."""


class AutomationSpec(Struct, frozen=True):
    """One automation of the demo."""

    id: str
    name: str
    fork: str
    """``user/repository``."""
    upstream: str
    """``owner/repository``; for a report, which has no upstream, the repository itself."""
    schedule: Schedule
    files: tuple[str, ...]
    """Source files of the repository: merges conflict in them, or a report finds its dependencies in them."""
    reliability: Reliability = "steady"
    runs: int = 12
    """The number of runs in its history."""
    type: str = SYNC
    enabled: bool = True
    feature: Feature = "plain"
    branch: str = "main"

    @property
    def repo(self) -> str:
        """The name of the repository without its owner."""
        return self.fork.split("/")[1]

    @property
    def fork_url(self) -> str:
        """The address from which it is cloned; the demo never connects to it."""
        return f"git@github.com:{self.fork}.git"

    @property
    def upstream_url(self) -> str:
        """The address of its upstream."""
        return f"git@github.com:{self.upstream}.git"


def _every(span: str) -> Schedule:
    return Schedule(type="interval", value=span)


def _cron(line: str) -> Schedule:
    return Schedule(type="cron", value=line)


def _sync(
    upstream: str, schedule: Schedule, runs: int, reliability: Reliability, files: str, branch: str = "main"
) -> AutomationSpec:
    repo = upstream.split("/")[1]
    name = f"Sync {repo} fork with upstream"
    paths = tuple(files.split())
    return AutomationSpec(
        f"sync-{repo}", name, f"{USER}/{repo}", upstream, schedule, paths, reliability, runs, branch=branch
    )


def _report(
    name: str, repo: str, schedule: Schedule, runs: int, reliability: Reliability, files: str
) -> AutomationSpec:
    fork = f"northwind-labs/{repo}"
    return AutomationSpec(
        f"deps-{repo}", name, fork, fork, schedule, tuple(files.split()), reliability, runs, type=REPORT
    )


_RIPGREP = (
    "crates/core/flags/defs.rs crates/ignore/src/walk.rs crates/printer/src/standard.rs crates/regex/src/config.rs"
)
_RUFF = "crates/ruff/src/cache.rs crates/ruff_linter/src/registry.rs crates/ruff_server/src/session.rs"
_K9S = "internal/config/k9s.go internal/render/pod.go internal/view/table.go internal/watch/factory.go"
_VITE = "packages/vite/src/node/build.ts packages/vite/src/node/config.ts packages/vite/src/node/server/hmr.ts"

SPECS: tuple[AutomationSpec, ...] = (
    _sync("BurntSushi/ripgrep", _every("15m"), 40, "mixed", f"{_RIPGREP} crates/searcher/src/sink.rs"),
    _sync("vitejs/vite", _cron("*/30 * * * *"), 36, "flaky", f"{_VITE} packages/vite/src/client/overlay.ts"),
    _sync("astral-sh/ruff", _every("20m"), 40, "steady", f"{_RUFF} crates/ruff_workspace/src/options.rs"),
    _sync(
        "encode/httpx", _every("30m"), 28, "steady", "httpx/_client.py httpx/_config.py httpx/_transports/default.py"
    ),
    _sync("derailed/k9s", _every("45m"), 31, "mixed", _K9S),
    _sync(
        "pydantic/pydantic", _every("1h"), 22, "failing", "pydantic/main.py pydantic/fields.py pydantic/json_schema.py"
    ),
    _sync(
        "jesseduffield/lazygit", _every("1h30m"), 17, "steady", "pkg/gui/gui.go pkg/commands/git.go pkg/config/app.go"
    ),
    _report(
        "Dependency report: payments-api", "payments-api", _cron("0 */2 * * *"), 24, "steady", "pyproject.toml uv.lock"
    ),
    replace(
        _sync("gohugoio/hugo", _every("1h"), 14, "steady", "hugolib/site.go hugolib/page.go resources/cache.go"),
        feature="locked",
    ),
    replace(
        _sync("helix-editor/helix", _every("2h"), 19, "mixed", "helix-core/src/syntax.rs helix-term/src/keymap.rs"),
        feature="commented",
    ),
    replace(
        _sync("home-assistant/core", _every("1h"), 26, "flaky", "homeassistant/core.py homeassistant/config.py"),
        id="sync-home-assistant",
        name="Sync Home Assistant fork with upstream",
        branch="dev",
    ),
    _sync("caddyserver/caddy", _cron("15 * * * *"), 12, "steady", "admin.go listeners.go modules/caddyhttp/server.go"),
    replace(
        _sync("tauri-apps/tauri", Schedule(type="at", value=""), 3, "steady", "crates/tauri/src/app.rs"),
        feature="far-away",
        name="Sync tauri fork before the 3.0 freeze",
    ),
    replace(
        _sync("sharkdp/bat", _every("6h"), 0, "steady", "src/config.rs src/printer.rs src/theme.rs"),
        feature="never-run",
    ),
    replace(
        _sync("mitmproxy/mitmproxy", _every("3h"), 5, "steady", "mitmproxy/master.py mitmproxy/options.py"),
        feature="malformed",
    ),
    replace(
        _sync("prometheus/prometheus", _every("4h"), 9, "steady", "tsdb/head.go promql/engine.go storage/fanout.go"),
        feature="expired",
        enabled=False,
    ),
    replace(
        _sync("excalidraw/excalidraw", _cron("0 6 * * 1-5"), 11, "steady", "packages/element/src/bounds.ts"),
        feature="foreign",
        branch="master",
    ),
    replace(
        _report("License audit: storefront", "storefront", _cron("30 5 * * *"), 8, "mixed", "package.json"),
        enabled=False,
    ),
    _sync("tiangolo/fastapi", _cron("0 */4 * * *"), 21, "steady", "fastapi/routing.py fastapi/applications.py"),
    replace(
        _report("Dependency report: ruff fork", "ruff", _every("3h"), 16, "flaky", "Cargo.toml Cargo.lock"),
        fork=f"{USER}/ruff",
        upstream=f"{USER}/ruff",
    ),
    _sync(
        "Textualize/textual", _every("40m"), 33, "steady", "src/textual/app.py src/textual/screen.py src/textual/dom.py"
    ),
    replace(
        _sync("neovim/nvim-lspconfig", _every("2h"), 7, "mixed", "scripts/docgen.py scripts/schema.py"),
        enabled=False,
        branch="master",
    ),
    _sync(
        "colinhacks/zod",
        _every("50m"),
        15,
        "mixed",
        "packages/zod/src/v4/core/parse.ts packages/zod/src/v4/core/util.ts",
    ),
    _sync("astral-sh/uv", _every("25m"), 38, "flaky", "crates/uv-cache/src/lib.rs crates/uv-resolver/src/pubgrub.rs"),
)
"""The first twenty have every feature; the others make the number realistic."""

MIN_AUTOMATIONS = 20
DEFAULT_AUTOMATIONS = len(SPECS)

_MORE_SPECS: tuple[AutomationSpec, ...] = (
    _sync("sharkdp/fd", _every("35m"), 18, "steady", "src/cli.rs src/walk.rs src/output.rs", "master"),
    _sync("ajeetdsouza/zoxide", _every("2h"), 10, "steady", "src/db/mod.rs src/cmd/query.rs"),
    _sync("starship/starship", _every("1h"), 25, "mixed", "src/config.rs src/print.rs src/modules/git_status.rs"),
    _sync("Textualize/rich", _cron("20 * * * *"), 13, "steady", "rich/console.py rich/table.py", "master"),
    _sync("psf/black", _every("3h"), 20, "steady", "src/black/linegen.py src/black/mode.py"),
    _sync("sveltejs/svelte", _every("55m"), 30, "flaky", "packages/svelte/src/compiler/state.ts"),
    _sync("traefik/traefik", _every("2h"), 16, "mixed", "pkg/server/router.go pkg/provider/acme.go", "master"),
    _sync("nats-io/nats-server", _every("90m"), 12, "steady", "server/accounts.go server/jetstream.go"),
)


def make_specs(count: int = DEFAULT_AUTOMATIONS) -> tuple[AutomationSpec, ...]:
    """Return ``count`` automations: those of ``SPECS``, then release branches of the same forks.

    Raises ValueError for fewer than twenty, which would not have every feature.
    """
    if count < MIN_AUTOMATIONS:
        raise ValueError(f"the demo needs at least {MIN_AUTOMATIONS} automations, not {count}")
    known = SPECS + _MORE_SPECS
    return known[:count] + tuple(_release(known, number) for number in range(count - len(known)))


def _release(known: tuple[AutomationSpec, ...], number: int) -> AutomationSpec:
    plain = [spec for spec in known if spec.feature == "plain" and spec.type == SYNC]
    spec = plain[number % len(plain)]
    line = f"{1 + number // len(plain)}.x"
    return replace(
        spec,
        id=f"{spec.id}-{line.replace('.', '-')}",
        name=f"Sync {spec.repo} {line} branch with upstream",
        fork=f"{spec.fork}-{line.replace('.', '-')}",
    )
