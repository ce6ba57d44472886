#!/usr/bin/env bash
# No home directory, few processes, little memory, secrets: the bare commands, with what is there afterwards.
# Needs `clawtui` in PATH; what needs root, setpriv, prlimit or script is left out where they are not there.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/state
export HOME=$work/home
mkdir -p "$HOME" "$root/automations/config/sync" "$root/automations/locks"
chmod 755 "$work"
title() { printf '\n== %s\n' "$1"; }

cat > "$root/automations/config/sync/a-1.json" <<'JSON'
{"id": "a-1", "type": "sync", "name": "One", "enabled": true, "schedule": {"type": "interval", "value": "2h"},
 "runHistory": [], "created": "2025-01-01T00:00:00.000Z", "modified": "2025-01-01T00:00:00.000Z",
 "config": {"DB_PASS": "hunter1", "args": ["--token", "hunter2"], "sshKey": "hunter3", "bot_token_v2": "hunter4",
            "headers": [{"name": "X-Api-Key", "value": "hunter5"}], "clientSecretBase64": "hunter6",
            "hook": "https://hooks.slack.com/services/T0/B0/hunter7", "cmd": "curl -u u:hunter8 https://x"}}
JSON
cat > "$root/automations/locks/github.com-u-r.lock" <<JSON
{"repoKey": "github.com/u/r", "repoUrl": "https://u:hunter9@github.com/u/r", "automationId": "a-1", "lockType": "repository",
 "sessionId": "s", "acquiredAt": "2020-01-01T00:00:00.000Z", "pid": 4194000, "hostname": "$(hostname)"}
JSON

title "secrets: no output has one (each count must be 0)"
for command in "automation show a-1" "automation show a-1 --json" "lock show github.com/u/r" "export - --secrets mask"; do
    # shellcheck disable=SC2086
    printf '%-32s %s\n' "$command" "$(clawtui --root "$root" $command 2>&1 | grep -c hunter)"
done

title "secrets: an export says which is wanted (3, 0, 0)"
clawtui --root "$root" export "$work/export.json"; echo "status $?"; ls "$work"/export.json 2>&1
clawtui --root "$root" export "$work/export.json" --secrets mask; echo "status $?"
clawtui --root "$root" export "$work/export.json" --yes --secrets include; echo "status $?"

title "secrets: neither the audit nor the dispatcher's log keeps one (0)"
clawtui --root "$root" lock release github.com/u/r --yes --force --force-live > "$work/out" 2>&1; echo "status $?"
cat "$HOME/.local/state/clawtui/audit.jsonl" "$root"/automations/logs/dispatcher/* 2>&1 | grep -c hunter9

if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
    program=$(command -v clawtui)
    stranger() { env -i PATH="$PATH" setpriv --reuid 12345 --regid 12345 --clear-groups --inh-caps=-all "$@"; }
    chown -R 12345:12345 "$root"
    title "no home, no account: no traceback, and one line that names both variables"
    for command in status "lock list" doctor "config path" --version "prune --dry-run"; do
        # shellcheck disable=SC2086
        stranger "$program" --root "$root" $command > "$work/out" 2>&1
        echo "$command: status $?, tracebacks $(grep -c Traceback "$work/out"), lines $(grep -c XDG_CONFIG_HOME.*XDG_STATE_HOME "$work/out")"
    done
    if command -v prlimit > /dev/null && command -v script > /dev/null; then
        title "few processes: the dashboard runs or says why not, and the last word on the alternate screen is that it is left"
        mkdir "$work/own"; chown 12345 "$work/own"
        for processes in 1 6 7 9 12; do
            (sleep 8; printf q) | TERM=xterm-256color script -qec "env HOME=$work/own setpriv --reuid 12345 --regid 12345 \
                --clear-groups --inh-caps=-all prlimit --nproc=$processes $program --root $root" "$work/typescript" > /dev/null
            echo "$processes processes: tracebacks $(grep -ac Traceback "$work/typescript")," \
                "last: $(grep -ao '\[?1049[hl]' "$work/typescript" | tail -1)"
        done
    fi
fi
