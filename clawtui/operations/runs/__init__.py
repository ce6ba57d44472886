"""Operations on runs: history, reports, logs, artifacts and workspaces.

`history` lists the runs of an automation, `report` describes one, with `log_summary` for the facts in logs. `logs`
reads logs, and `follow_progress` follows a run. `dispatch_history` reads the dispatcher's log.
`workspaces` lists and removes workspaces, with `workspace_evidence` for whether a run may be using one. Imports
`evidence`, `locks`, `slots` and `state.automations` of this layer.
"""
