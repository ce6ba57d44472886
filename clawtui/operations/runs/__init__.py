"""Operations on runs: history, reports, logs, artifacts and workspaces.

`history` lists the runs of an automation, `report` describes one, with `log_summary` for the facts in logs, and
`run_states` judges those in progress. `logs` reads logs, `follow_progress` follows a run, `wait` waits for its end, and
`why` explains why an automation is not running. `dispatch_history` reads the dispatcher's log. `workspaces` lists and
removes workspaces, with `workspace_evidence` for whether a run may be using one. Imports `evidence`, `locks`, `slots`,
`openclaw.queries`, `state.automations` and `state.follow_fleet` of this layer.
"""
