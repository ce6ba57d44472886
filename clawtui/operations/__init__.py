"""The operations of clawtui, shared by the commands and the dashboard.

`evidence` gathers the facts for a verdict on a lock or a slot. `locks`, `slots` and `runs` list, judge and change the
locks, slots and workspaces of runs. `logs` follows and merges logs. `doctor` examines everything together and fixes
what it can. `state` is about the whole state directory: automations, backups, retention, the current fleet. `openclaw`
is about a stock gateway. `user` is about the operator: the actor, and clawtui's own files. `acts` has the protocol of
the acts that the dashboard offers on a root of any host.

All layers above may import it. It may import `live`, `storage`, `openclaw`, `files` and `model`. Every function that
changes something raises a `ClawtuiError` if it failed. Functions that read processes or many files must not be called
on an event loop; their docstrings say so.
"""
