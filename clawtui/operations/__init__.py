"""The operations of clawtui, shared by the commands and the dashboard.

`evidence` gathers the facts for a verdict on a lock or a slot. `locks`, `slots` and `runs` list, judge and change what
runs hold and leave behind. `doctor` examines everything together and fixes what it can. `state` is about the whole
state directory: automations, backups, retention, the current fleet. `user` is about the operator: who acts, and
clawtui's own files for them.

The commands, the dashboard, the demo and the layers between may import it. It may import `live`, `storage`, `files` and
`model`. Every function that changes something raises a `ClawtuiError` where it did not. Functions that look
at processes or read much say that they are not for an event loop.
"""
