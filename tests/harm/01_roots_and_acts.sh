#!/usr/bin/env bash
# Never touch what was not meant: roots, backups, acts on one of two files, commands that are advised.
# Each input as a bare command, with what is there afterwards. Needs clawtui on the PATH.
set -uo pipefail
exec 2>&1

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export HOME=$place/home XDG_STATE_HOME=$place/own/state XDG_CONFIG_HOME=$place/own/config
unset OPENCLAW_STATE_DIR CLAWDBOT_STATE_DIR
mkdir -p "$HOME"
cd "$place" || exit 1
failed=0

run() { printf '\n$ %s\n' "$*"; "$@"; echo "(exit $?)"; }
check() { if eval "$2"; then echo "ok: $1"; else echo "WRONG: $1"; failed=1; fi; }
automation() { # FILE ID TYPE
    mkdir -p "$(dirname "$1")"
    cat >"$1" <<END
{"id": "$2", "type": "$3", "name": "$2", "enabled": true, "schedule": {"type": "interval", "value": "2h"}, "config": {},
 "runHistory": [], "created": "2025-01-26T10:00:00Z", "modified": "2025-01-26T10:00:00Z"}
END
}

echo "== 1. A directory that has a logs/ or a config/ of its own is no root"
mkdir -p R/logs/sessions R/config/jobs
echo theirs | tee R/logs/sessions/2020-01-01.jsonl >R/config/jobs/a.json
chmod 755 R/logs R/config
touch -d 2020-01-01 R/logs/sessions/2020-01-01.jsonl
automation exported/automations/config/sync/x.json x sync
clawtui --root exported export export.json
before=$(find R -printf '%p %m %T@\n' | sort)
run clawtui --root R prune --days 1
run clawtui --root R doctor --fix --yes
run clawtui --root R import export.json
run clawtui --root R migrate
check "nothing in R is another" '[ "$before" = "$(find R -printf "%p %m %T@\n" | sort)" ]'

echo; echo "== 1. An empty directory that is named is initialised by an import, below automations/"
mkdir empty
run clawtui --root empty import export.json
find empty -type f
check "it is where the gateway looks" '[ -f empty/automations/config/sync/x.json ]'

echo; echo "== 6. migrate leaves nothing where the gateway lists"
mkdir -p M/automations/config/sync
echo '{"version": 0}' >M/automations/config/dispatcher.json
run clawtui --root M migrate
ls -A M/automations/config
check "only dispatcher.json and directories of types" '[ "$(ls -A M/automations/config)" = "dispatcher.json
sync" ]'
check "the copy is in our own state directory" '[ -n "$(find own/state -name "dispatcher.json.*.bak")" ]'
echo "-- and what earlier versions left is a finding with a mend"
left=M/automations/config/dispatcher.json.2025-01-26T12-00-00.000Z.bak
echo '{"version": 0}' >"$left"
run clawtui --root M doctor
run clawtui --root M doctor --fix
check "it is moved away" '[ ! -e "$left" ] && [ "$(find own/state -name "*.bak" | wc -l)" = 2 ]'

echo; echo "== 7. Two files, one id"
automation T/automations/config/a/x.json x a
automation T/automations/config/b/x.json x a
before=$(cat T/automations/config/*/x.json)
for act in "disable x" "enable x" "delete x --yes" "edit x --yes"; do
    # shellcheck disable=SC2086
    EDITOR=true run clawtui --root T automation $act
done
check "both files are as they were" '[ "$before" = "$(cat T/automations/config/*/x.json)" ]'
run clawtui --root T doctor
run clawtui --root T automation disable config/b/x.json
grep -H enabled T/automations/config/*/x.json
check "the one that was named is disabled" 'grep -q "\"enabled\": false" T/automations/config/b/x.json'
check "the other is not" 'grep -q "\"enabled\": true" T/automations/config/a/x.json'
echo "-- an act on a version that was seen"
seen=$(clawtui --root T automation show config/a/x.json --json | sed -n 's/.*"fingerprint": "\(.*\)".*/\1/p')
automation T/automations/config/a/x.json x a
run clawtui --root T automation delete config/a/x.json --yes --if-match "$seen"
check "it is another version by now, and stays" '[ -f T/automations/config/a/x.json ]'

echo; echo "== 8. What is advised is for the root that was named, quoted for a shell"
odd="$place/my \$(touch hacked) root"
mkdir -p "$odd/automations/locks"
cat >"$odd/automations/locks/k.lock" <<END
{"repoUrl": "https://github.com/u/k.git", "repoKey": "github.com/u/k", "automationId": "x", "sessionId": "s",
 "acquiredAt": "2020-01-01T00:00:00Z", "pid": 1, "hostname": "$(hostname)", "lockType": "repository"}
END
echo "\$ clawtui --root '$odd' lock release github.com/u/k --yes --force"
said=$(clawtui --root "$odd" lock release github.com/u/k --yes --force 2>&1 >/dev/null)
echo "$said"
advice=$(sed -n 's/^`\(clawtui .* lock restore .*\)` takes.*/\1/p' <<<"$said")
run bash -c "$advice --yes"
check "the lock is back" '[ -f "$odd/automations/locks/k.lock" ]'
touch "$odd/automations/locks/\`touch hacked\`.lock"
run clawtui --root "$odd" lock list
check "no shell has run a part of a name" '[ ! -e hacked ]'

exit $failed
