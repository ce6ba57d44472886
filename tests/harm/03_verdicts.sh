#!/usr/bin/env bash
# Never say dead of what may live: each input as a bare command, with the verdict that must come.
# Needs clawtui on the PATH; root, unshare, setpriv and mount for what is seen from elsewhere.
set -uo pipefail

place=$(mktemp -d)
chmod 755 "$place"
export HOME=$place/own XDG_STATE_HOME=$place/own/state XDG_CONFIG_HOME=$place/own/config
automations=$place/root/automations
lock=$automations/locks/github.com-user-repo.lock
state=$automations/workspaces/sync-main/state.json
holder= failed=0

cleanup() { stop; rm -rf "$place"; }
trap cleanup EXIT

time_at() { date -u -d "$1" +%FT%TZ; }

lock_says() { # SED-EXPRESSION… : a lock of this host, taken now by $pid, with changes
    local changes=(-e '')
    for change in "$@"; do changes+=(-e "$change"); done
    sed "${changes[@]}" >"$lock" <<END
{"repoUrl": "https://github.com/user/repo.git", "repoKey": "github.com/user/repo", "automationId": "sync-main",
 "sessionId": "cron:1", "acquiredAt": "$taken", "pid": $pid, "hostname": "$(hostname)", "lockType": "repository"}
END
}

state_says() { # STATUS: saved as a gateway does, by renaming
    cat >"$state.tmp" <<END
{"automationId": "sync-main", "sessionId": "cron:1", "status": "$1", "startTime": "$taken",
 "lastUpdate": "$(date -u +%FT%T.%3NZ)"}
END
    mv "$state.tmp" "$state"
}

start() { # [PREFIX…] : a process that saves state.json every half second; $pid is its own
    stop
    rm -rf "$automations"
    mkdir -p "$automations"/{locks,config} "$automations/workspaces/sync-main" "$automations/logs/smart-sync-fork"
    taken=$(time_at now)
    export -f state_says
    export state taken place
    "$@" bash -c 'while state_says running; do sleep 0.5; done' 2>/dev/null &
    holder=$! pid=$!
    until [ -s "$state" ]; do sleep 0.1; done
}

stop() {
    [ -z "$holder" ] || { kill -9 "$holder"; wait "$holder"; } 2>/dev/null
    holder=
}

verdict() { # [PREFIX…] : as seen from there
    chmod -R a+rX "$place" 2>/dev/null
    "$@" clawtui --root "$place/root" lock list --json 2>&1 | sed -n 's/.*"verdict": *"\([a-z]*\)".*/\1/p'
}

expect() { # WHAT WANTED [PREFIX…]
    local what=$1 wanted=$2 got
    shift 2
    [ $# -eq 0 ] || "$@" true 2>/dev/null || { echo "skipped  $what: cannot be had here"; return; }
    got=$(verdict "$@")
    if [ "$got" = "$wanted" ]; then echo "ok       $what: $got"; else echo "FAILED   $what: wanted $wanted, got $got"; failed=1; fi
}

refused() { # WHAT OPTIONS… [-- PREFIX…] : a release with these is refused, and doctor --fix --yes leaves the lock
    local what=$1 options=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
    [ $# -eq 0 ] || shift
    [ $# -eq 0 ] || "$@" true 2>/dev/null || { echo "skipped  $what: cannot be had here"; return; }
    "$@" clawtui --root "$place/root" lock release "$lock" "${options[@]}" >"$place/out" 2>&1
    local status=$?
    "$@" clawtui --root "$place/root" doctor --fix --yes >/dev/null 2>&1
    if [ $status -eq 3 ] && [ -s "$lock" ] && [ -s "$state" ]; then echo "ok       $what: refused"
    else echo "FAILED   $what: exit $status: $(head -n 1 "$place/out")"; failed=1; fi
}

gone=4194303
as_user=(setpriv --reuid=12345 --regid=12345 --clear-groups)
own_pids=(unshare --pid --fork --kill-child --mount-proc)
hidden=(unshare --mount sh -c 'mount -t proc -o hidepid=2 proc /proc && exec setpriv --reuid=12345 --regid=12345 --clear-groups "$@"' sh)
no_proc=(unshare --mount sh -c 'mount -t tmpfs none /proc && exec "$@"' sh)
localhost=(unshare --uts sh -c 'hostname localhost && exec "$@"' sh)

echo '# 9: absent is not dead where one cannot see'
start; lock_says;                 expect 'a live run' live
pid=$gone; lock_says
expect 'its pid is not here, and its session goes on writing: another host of this name' foreign
refused 'that one, with --yes' --yes
expect 'from a pid namespace of its own' foreign "${own_pids[@]}"
refused 'that one, with --yes' --yes -- "${own_pids[@]}"
expect 'hidepid=2, as an ordinary user' foreign "${hidden[@]}"
expect 'without /proc' foreign "${no_proc[@]}"
refused 'that one, with --yes' --yes -- "${no_proc[@]}"
lock_says 's/"hostname": "[^"]*"/"hostname": "localhost"/'
expect 'a host name that many have' foreign "${localhost[@]}"
start "${own_pids[@]}"; pid=1; lock_says
expect 'in a container, seen from its host' live
start; stop; lock_says
expect 'killed a moment ago, all processes can be seen' orphaned
expect 'the same, by an ordinary user' orphaned "${as_user[@]}"
expect 'the same, from a pid namespace of its own' foreign "${own_pids[@]}"
lock_says 's/"pid"/"machineId": "00000000000000000000000000000000", "pid"/'
expect 'the same, with the machine-id of another host' foreign

echo '# 10: signs of life belong to the session'
start; stop; rm "$state"; pid=$PPID
taken=$(time_at "$(uptime -s) 5 hours ago"); lock_says
log=$automations/logs/smart-sync-fork/sync-main-$(date -u -d "$taken" +%Y-%m-%d-%H-%M-%S).jsonl
echo "{\"timestamp\":\"$taken\",\"level\":\"info\",\"phase\":\"git\",\"message\":\"x\",\"automationId\":\"sync-main\",\"sessionId\":\"cron:0\"}" >"$log"
expect 'a lock from before the boot, and a log of another session that was touched' orphaned
sed -i "s/cron:0/cron:1/; s/$taken/$(time_at now)/" "$log"
expect 'the same, and an entry of its own session from now' live

echo '# 13: one value that is not understood'
start; lock_says 's/"lockType": "repository"/"lockType": "branch"/'
expect 'lockType branch with a live pid' live
refused 'that one, with --yes --force' --yes --force
lock_says 's/"pid": [0-9]*/"pid": "12"/'; expect 'a pid that is text, and a run that writes' live
stop; lock_says 's/"lockType": "repository"/"lockType": "branch"/'
expect 'lockType branch, killed' orphaned
lock_says 's/"lockType": "repository"/"lockType": "branch"/' 's/"repoUrl": "[^"]*"/"repoUrl": 5/'
expect 'two such values' invalid

echo '# 14: the clock was set after the boot'
start; lock_says
stop; sleep 600 & holder=$! pid=$!; rm "$state"; taken=$(time_at '2 minutes ago'); lock_says
up=$(cut -d. -f1 /proc/uptime)
expect 'taken before the host and its process started, by a clock that was set since' live \
    unshare --time --boottime=-$((up - 2)) --fork
lock_says "s/\"pid\"/\"startTicks\": $(cut -d' ' -f22 "/proc/$pid/stat"), \"pid\"/"
expect 'the start in ticks is the same, whatever the clock says' live
lock_says 's/"pid"/"startTicks": 1, "pid"/'
expect 'the start in ticks is another' orphaned

exit $failed
