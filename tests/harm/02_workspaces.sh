#!/usr/bin/env bash
# Never remove a workspace or a log that a run may be using, nothing behind a mount, nothing that never was a workspace.
# Each input as a bare command, with what is there afterwards. Needs clawtui and git on the PATH; mounts need unshare.
set -uo pipefail

place=$(mktemp -d)
export HOME=$place/own XDG_STATE_HOME=$place/own/state XDG_CONFIG_HOME=$place/own/config
root=$place/root a=$root/automations w=$root/automations/workspaces
failed=0
sleep 600 & pid=$!
trap 'kill $pid 2>/dev/null; rm -rf "$place"' EXIT

claw() { clawtui --root "$root" "$@"; }
time_at() { date -u -d "$1" +%FT%TZ; }
fresh() { rm -rf "$root"; mkdir -p "$w" "$a"/{config,locks,logs/t}; chmod -R go= "$root"; }

state() { # ID STATUS SESSION [WHEN]
    mkdir -p "$w/$1/repo"; echo work >"$w/$1/repo/work"
    echo "{\"automationId\": \"$1\", \"sessionId\": \"$3\", \"status\": \"$2\", \"startTime\": \"$(time_at "${4:-now}")\",
          \"lastUpdate\": \"$(time_at "${4:-now}")\"}" >"$w/$1/state.json"
}
lock() { # ID SESSION : held by a process that is alive
    echo "{\"repoUrl\": \"https://h/u/$1.git\", \"repoKey\": \"h/u/$1\", \"automationId\": \"$1\", \"sessionId\": \"$2\",
          \"acquiredAt\": \"$(time_at now)\", \"pid\": $pid, \"hostname\": \"$(hostname)\", \"lockType\": \"repository\"}" \
        >"$a/locks/h-u-$1.lock"
}
slot() { # ID SESSION
    echo "{\"version\": 1, \"maxSlots\": 3, \"lastUpdated\": \"$(time_at now)\", \"activeSlots\": [{\"automationId\": \"$1\",
          \"sessionId\": \"$2\", \"acquiredAt\": \"$(time_at now)\", \"slotNumber\": 1}]}" >"$a/config/concurrency-state.json"
}
there() { # WHAT FILE : it must still be there
    if [ -e "$2" ]; then echo "ok      still there: $1"; else echo "FAILED  gone: $1"; failed=1; fi
}
gone() { if [ ! -e "$2" ]; then echo "ok      removed: $1"; else echo "FAILED  not removed: $1"; failed=1; fi; }

echo "== a live run: three kinds of claims × five states"
for claim in lock slot "lock slot"; do
    for run in none older initializing paused RUNNING; do
        fresh
        case $run in
            none) mkdir -p "$w/x/repo"; echo work >"$w/x/repo/work" ;;
            older) state x completed cron:old "2 hours ago" ;;
            *) state x "$run" cron:new ;;
        esac
        for each in $claim; do "$each" x cron:new; done
        claw workspace clean x --yes 2>/dev/null
        claw doctor --fix --yes >/dev/null 2>&1
        there "$claim, state: $run" "$w/x/repo/work"
    done
done

echo "== a run that is over"
fresh; state x completed cron:old "2 hours ago"
claw workspace clean x --yes; gone "the workspace of a run that is over" "$w/x"

echo "== a bind mount in the clone"
fresh; state x completed cron:old; mkdir "$w/x/repo/data" "$place/outside"; touch "$place/outside/"{1..40}
export -f claw; export root
if unshare -rm true 2>/dev/null; then
    unshare -rm bash -c 'mount --bind "$0" "$1" && claw workspace clean x --yes' "$place/outside" "$w/x/repo/data"
    echo "        $(ls "$place/outside" | wc -l) of 40 files outside are there"
    there "the last of them" "$place/outside/40"; there "the workspace" "$w/x/repo/work"
else
    echo "skipped: no mounts of one's own can be made here"
fi

echo "== what never was a workspace"
fresh; mkdir "$w"/{my-notes,lost+found,@eaDir}
for name in my-notes lost+found @eaDir; do echo x >"$w/$name/important.txt"; done
claw doctor --fix --yes
for name in my-notes lost+found @eaDir; do there "$name" "$w/$name/important.txt"; done

echo "== two commits that are nowhere else"
fresh; state x completed cron:old "2 hours ago"
git init -q "$w/x/repo"
for name in one two; do
    git -C "$w/x/repo" -c user.name=a -c user.email=a@b.c commit -q --allow-empty -m "$name"
done
claw doctor --fix --yes | grep 'nowhere else'; claw workspace clean x --yes
there "the clone" "$w/x/repo/.git"
PATH_WITHOUT_GIT=$place/bin; mkdir -p "$PATH_WITHOUT_GIT"; ln -s "$(command -v clawtui)" "$PATH_WITHOUT_GIT/clawtui"
PATH=$PATH_WITHOUT_GIT claw workspace clean x --yes; there "the clone, where git is not installed" "$w/x/repo/.git"

echo "== prune: a run of 49 hours, and one that has been silent for 40 days"
fresh
log=$a/logs/t/x-$(date -u -d '49 hours ago' +%F-%H-%M-%S).jsonl; echo '{}' >"$log"
claw prune --days 1; there "a log that was written to seconds ago" "$log"
state y running cron:y "40 days ago"
log=$a/logs/t/y-$(date -u -d '40 days ago' +%F-%H-%M-%S).jsonl; echo '{}' >"$log"; touch -d '40 days ago' "$log"
claw prune --days 1; there "the log of a run that did not end" "$log"
state y completed cron:y "40 days ago"
claw prune --days 1; gone "the log of a run that ended" "$log"

echo "== a removal that was killed"
fresh; state x completed cron:old
mkdir "$w/.clawtui-aside.999999999.0123abcd"; mv "$w/x" "$w/.clawtui-aside.999999999.0123abcd/"
claw doctor | head -3; claw doctor --fix >/dev/null 2>&1; there "what was not yet verified is back" "$w/x/repo/work"
mkdir "$w/.clawtui-removing.999999999.0123abcd"; mv "$w/x" "$w/.clawtui-removing.999999999.0123abcd/"
claw doctor --fix >/dev/null 2>&1; gone "what was verified" "$w/.clawtui-removing.999999999.0123abcd"

exit $failed
