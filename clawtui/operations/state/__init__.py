"""The state directory as a whole: automations, exports, retention, drafts of edits, and the current fleet.

`follow_fleet` reads the fleet once or follows it. `summary` and `metrics` count it, and `incomplete` lists the problems
that may hide parts of it. `automations`, `next_run`, `new_automation` and `editing`, with `drafts`, change
configurations. `backup` reads and imports exports, `retention` removes old logs, and `maintenance` records both.
Imports `doctor`, `evidence`, `locks.report`, `runs` and `user.audit_history` of this layer.
"""
