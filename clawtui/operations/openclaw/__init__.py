"""Operations on a stock gateway: reports, logs, and the release of its lock files.

`report` judges the runs and locks of a gateway, `names` finds a job or run by name, `logs` and `follow` follow its
log and its changes. Acts that belong to the gateway are done by its own command (`gateway_command`, `run_command`).
Imports `evidence`, `locks` and `state.follow_fleet` of this layer.
"""
