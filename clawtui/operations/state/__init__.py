"""The state directory as a whole: automations, exports, retention, drafts of edits, and the current fleet.

`follow_fleet` reads the fleet once or follows it. `summary` counts it, and `incomplete` lists the problems that may
hide parts of it. `automations` and `editing`, with `drafts`, change configurations. `backup` reads and imports exports,
`retention` removes what is no longer needed. Imports `evidence` and `locks.report` of this layer.
"""
