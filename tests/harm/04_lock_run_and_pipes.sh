#!/usr/bin/env bash
# `clawtui lock run` that is killed, expired locks whose timeout is not known, and output that nobody takes.
# Bare commands over temporary directories; says what is there afterwards. Needs `clawtui` in PATH, and Linux.
set -u
work=$(mktemp -d)
export XDG_STATE_HOME=$work/own XDG_CONFIG_HOME=$work/own
root=$work/state
locks=$root/automations/locks
key=github.com/user/repo
lock=$locks/github.com-user-repo.lock
trap 'rm -rf "$work"' EXIT

say() { printf '\n== %s\n' "$*"; }
hours_ago() { date -u -d "$1 hours ago" +%Y-%m-%dT%H:%M:%S.000Z; }
fresh_root() { rm -rf "$root"; mkdir -p "$locks" "$root/automations/config"; }
make_lock() {  # HOST HOURS
  printf '{"repoUrl":"https://%s.git","repoKey":"%s","automationId":"sync","sessionId":"cron:1","acquiredAt":"%s","pid":%d,"hostname":"%s","lockType":"repository"}' \
    "$key" "$key" "$(hours_ago "$2")" 4194000 "$1" > "$lock"
}
make_slot() {
  printf '{"version":1,"maxSlots":3,"activeSlots":[{"automationId":"a","sessionId":"cron:1","acquiredAt":"%s","slotNumber":1}],"lastUpdated":"%s"}' \
    "$(hours_ago 48)" "$(hours_ago 48)" > "$root/automations/config/concurrency-state.json"
}
is_held() { if [ -e "$lock" ]; then echo "the lock stands"; else echo "no lock"; fi; }
verdict() { clawtui --root "$root" lock list --json | grep '"verdict"' || echo '  no lock'; }

say '11: lock run is killed, its command runs on: the lock is live, and nothing runs beside it'
fresh_root
clawtui --root "$root" lock run "https://$key" -- sh -c "echo \$\$ > $work/pid; exec sleep 30" & run=$!
until [ -s "$work/pid" ]; do sleep 0.05; done
kill -KILL "$run"; wait "$run" 2> /dev/null
verdict
clawtui --root "$root" lock run "https://$key" -- echo 'BESIDE IT'; echo "a second lock run: status $?"
clawtui --root "$root" lock release "$key" --yes > /dev/null; echo "lock release --yes: status $?"
kill -KILL "$(cat "$work/pid")"; sleep 0.2
echo 'its command is gone too:'; verdict
clawtui --root "$root" lock release "$key" --yes > /dev/null 2>&1; echo "lock release --yes: status $?"

say '11: --die-with-me: the command ends with it'
fresh_root; rm -f "$work/pid"
clawtui --root "$root" lock run --die-with-me "https://$key" -- sh -c "echo \$\$ > $work/pid; exec sleep 30" & run=$!
until [ -s "$work/pid" ]; do sleep 0.05; done
kill -KILL "$run"; wait "$run" 2> /dev/null; sleep 0.2
case $(ps -o stat= -p "$(cat "$work/pid")") in '' | Z*) echo 'the command is gone' ;; *) echo 'the command RUNS ON' ;; esac

say '12: a lock of another host, 6 h old, and a timeout that cannot be read: it stays'
dispatcher='"maxConcurrent":3,"enabled":true,"notifications":{},"lastModified":"2025-01-26T12:00:00.000Z"'
for odd in '"version":1,"logLevel":"trace","lockTimeoutHours":12' '"version":2,"lockTimeoutHours":12' \
  '"version":1,"lockTimeoutHours":48' '"version":1,"lockTimeoutHours":"12"' '"version":1,"torn'; do
  fresh_root; make_lock elsewhere 6
  printf '{%s,%s}' "$odd" "$dispatcher" > "$root/automations/config/dispatcher.json"
  clawtui --root "$root" lock run "https://$key" -- echo 'TAKEN' 2> /dev/null; echo "$odd: status $?, $(is_held)"
done

say '12: with a timeout that is known (4 h) it is taken back: on record, and restorable'
fresh_root; make_lock elsewhere 6
clawtui --root "$root" lock run "https://$key" -- true; echo "status $?"
ls "$locks"
grep -c lock-release "$XDG_STATE_HOME/clawtui/audit.jsonl"
grep -ho '"event":"lock-force-released"' "$root"/automations/logs/dispatcher/*.jsonl
clawtui --root "$root" lock restore "$key" --yes; is_held

say '15: a release and a slot that is freed, 12 times each, into readers that leave'
for reader in true 'head -1'; do
  released=0 freed=0
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
    fresh_root; make_lock "$(hostname)" 1; make_slot
    clawtui --root "$root" lock release "$key" --yes 2> /dev/null | $reader > /dev/null
    [ "${PIPESTATUS[0]}" = 0 ] && [ ! -e "$lock" ] && released=$((released + 1))
    clawtui --root "$root" slot free 1 --yes --force 2> /dev/null | $reader > /dev/null
    [ "${PIPESTATUS[0]}" = 0 ] && grep -q '"activeSlots": *\[\]' "$root/automations/config/concurrency-state.json" \
      && freed=$((freed + 1))
  done
  echo "| $reader: released $released of 12, freed $freed of 12"
done

say '15: closed and full outputs'
fresh_root; make_lock "$(hostname)" 1
clawtui --root "$root" lock release "$key" --yes >&- 2>&-; echo "closed: status $?, $(is_held)"
make_lock "$(hostname)" 1
clawtui --root "$root" lock release "$key" --yes > /dev/full 2> /dev/full; echo "full: status $?, $(is_held)"

say '15: doctor says 1 whoever reads'
make_lock "$(hostname)" 1
clawtui --root "$root" doctor 2>&1 | head -1; echo "status ${PIPESTATUS[0]}"
