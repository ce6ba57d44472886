#!/usr/bin/env bash
# Run every script in this folder, one after the other: the inputs that clawtui once did harm with, as bare commands.
# Needs `clawtui` on the PATH; some parts need root. Prints what is there after each input; the status is 1 if a check failed.
set -u
cd "$(dirname "$0")"
status=0
for script in [0-9]*.sh; do
    printf '\n##### %s\n' "$script"
    bash "$script" || { status=1; printf '##### %s: FAILED\n' "$script"; }
done
exit "$status"
