#!/usr/bin/env bash
# File systems that lack calls, files of other users, a gateway that saves at the same time, drafts.
# Each input as bare commands, with what is there afterwards. Needs clawtui, python3; for some of it root, setpriv,
# unshare, mkfs.vfat or mkfs.exfat: without them that part is passed over.
set -uo pipefail

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
chmod 755 "$place"
export XDG_STATE_HOME=$place/own-state XDG_CONFIG_HOME=$place/own-config
failed=0

expect() { # WHAT WANTED GOT
    if [[ $3 == *"$2"* ]]; then echo "ok      $1: $2"; else echo "FAILED  $1: wanted $2, got: $3"; failed=1; fi
}

new_root() { # DIR: a root with one automation
    mkdir -p "$1/automations/config/smart-sync-fork" "$1/automations/locks"
    cat >"$1/automations/config/smart-sync-fork/x.json" <<'JSON'
{"id": "x", "type": "smart-sync-fork", "name": "X", "enabled": true,
 "schedule": {"type": "interval", "value": "2h"}, "runHistory": [],
 "config": {"forkRepoUrl": "git@github.com:user/x.git", "forkBranch": "main"},
 "created": "2025-01-01T00:00:00.000Z", "modified": "2025-01-01T00:00:00.000Z"}
JSON
    chmod -R go= "$1"
}

dead_lock() { # FILE KEY: held by a process that is gone
    cat >"$1" <<JSON
{"repoUrl": "https://$2", "repoKey": "$2", "automationId": "x", "sessionId": "cron:x:1",
 "acquiredAt": "$(date -u -d '-3 hours' +%FT%T.000Z)", "pid": 2147483646, "hostname": "$(hostname)", "lockType": "repository"}
JSON
    chmod 600 "$1"
}

release_and_restore() { # ROOT KEY
    clawtui --root "$1" lock release "$2" --yes --force >/dev/null
    expect "release of ${2:0:30}" 'status 0' "status $?"
    ls "$1/automations/locks"
    clawtui --root "$1" lock restore "$2" --yes
    expect "restore of ${2:0:30}" 'status 0' "status $?"
    ls "$1/automations/locks"
}

echo '# 16: a lock with a name of 215 bytes'
root=$place/long
new_root "$root"
key=github.com/user/$(printf 'r%.0s' $(seq 194))
dead_lock "$root/automations/locks/${key//\//-}.lock" "$key"
ls "$root/automations/locks" | awk '{ print length($0), "bytes" }'
release_and_restore "$root" "$key"

echo '# 16: other file systems'
on_file_system() { # NAME MOUNT…: the mount is in a namespace of its own
    mkdir -p "$place/$1"
    if ! unshare -m sh -c "cd $place && $2" 2>/dev/null; then echo "passed over: $1 cannot be mounted here"; return; fi
    export -f new_root dead_lock release_and_restore expect
    place=$place unshare -m bash -c "cd $place && $2 && new_root $1/root &&
        dead_lock $1/root/automations/locks/github.com-user-repo.lock github.com/user/repo &&
        release_and_restore $place/$1/root github.com/user/repo &&
        clawtui --root $place/$1/root automation disable x" || failed=1
}
mkdir -p "$place/lower" "$place/upper" "$place/work"
on_file_system tmpfs 'mount -t tmpfs none tmpfs'
on_file_system overlay 'mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work overlay'
on_file_system vfat 'truncate -s 40M fat && mkfs.vfat fat >/dev/null && mount -o loop fat vfat'
on_file_system exfat 'truncate -s 40M ex && mkfs.exfat ex >/dev/null && mount -o loop ex exfat'

echo '# 17: a member of the group writes'
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    root=$place/shared
    new_root "$root"
    dead_lock "$root/automations/locks/github.com-user-repo.lock" github.com/user/repo
    chown -R 12345:23456 "$root"
    find "$root" -type d -exec chmod 2770 {} + -o -type f -exec chmod 0660 {} +
    member() { XDG_STATE_HOME=$place/member setpriv --reuid 54321 --regid 23456 --clear-groups "$@"; }
    install -d -o 54321 "$place/member"
    said=$(member clawtui --root "$root" automation disable x 2>&1)
    expect 'disabling is refused' "sudo -u '#12345' clawtui --root $root automation disable x" "$said"
    expect 'the file is as it was' '12345:23456 660' "$(stat -c '%u:%g %a' "$root/automations/config/smart-sync-fork/x.json")"
    clawtui --root "$root" automation disable x
    expect 'after root did it' '12345:23456 660' "$(stat -c '%u:%g %a' "$root/automations/config/smart-sync-fork/x.json")"
    expect 'wrong modes' 'none' "$(clawtui --root "$root" doctor | grep -c wrong-mode | sed 's/^0$/none/')"
    clawtui --root "$root" doctor --fix --yes >/dev/null 2>&1
    expect 'after doctor --fix' '12345:23456 660' "$(stat -c '%u:%g %a' "$root/automations/config/smart-sync-fork/x.json")"
    dead_lock "$root/automations/locks/github.com-user-repo.lock" github.com/user/repo
    chown 12345:23456 "$root"/automations/locks/*.lock && chmod 640 "$root"/automations/locks/*.lock
    member clawtui --root "$root" lock release github.com/user/repo --yes --force >/dev/null
    member clawtui --root "$root" lock restore github.com/user/repo --yes
    expect 'another user restores (protected_hardlinks)' '1 github.com-user-repo.lock' \
        "$(cd "$root/automations/locks" && stat -c '%h %n' -- *)"
else
    echo 'passed over: needs root and setpriv'
fi

echo '# 18: a gateway that saves every 2 ms, and 20 updates of ours'
root=$place/race
new_root "$root"
python3 - "$root/automations/config/smart-sync-fork/x.json" <<'PY' &
import json, os, sys, time
file, count = sys.argv[1], 0
while not os.path.exists(f"{file}.stop"):
    document = json.load(open(file))
    if document.get("saves", 0) != count:
        print(f"FAILED  lost a save: {count} became {document.get('saves')}", flush=True)
    count += 1
    json.dump(document | {"saves": count}, open(f"{file}.new", "w"))
    os.rename(f"{file}.new", file)
    time.sleep(0.002)
print(f"{count} saves of the gateway")
PY
for _ in $(seq 10); do
    clawtui --root "$root" automation disable x >/dev/null && clawtui --root "$root" automation enable x >/dev/null
done
touch "$root/automations/config/smart-sync-fork/x.json.stop"
wait
ls "$root/automations/config/smart-sync-fork"

echo '# 21: drafts of edits that were killed'
root=$place/drafts
new_root "$root"
cat >"$place/editor" <<'SH'
#!/bin/sh
sed -i s/X/Omega/ "$1"
kill -9 $PPID
SH
chmod 700 "$place/editor"
for _ in 1 2 3; do EDITOR=$place/editor clawtui --root "$root" automation edit x --yes; done 2>/dev/null
expect 'left' 3 "$(ls "$XDG_STATE_HOME/clawtui/drafts" | wc -l)"
expect 'told by doctor' draft-left "$(clawtui --root "$root" doctor --json)"
clawtui --root "$root" prune --dry-run >/dev/null 2>&1
touch -d '-25 hours' "$XDG_STATE_HOME"/clawtui/drafts/*
clawtui --root "$root" prune
expect 'left after a day' 0 "$(ls "$XDG_STATE_HOME/clawtui/drafts" | wc -l)"
exit "$failed"
