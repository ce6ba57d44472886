"""The state directory as a whole: automations, exports, retention, drafts of edits, and the current fleet.

`follow_fleet` reads the fleet once or follows it. `summary` counts it, and `incomplete` says what a list of it may
miss. `automations` and `editing`, with `drafts`, change configurations. `backup` reads and imports exports, `retention`
removes what is no longer needed. Imports `evidence` and `locks.report` of this layer.
"""
