"""Repository locks: listing them with verdicts, releasing and restoring one, and running a command with one held.

`report` lists and finds locks. `release` removes one in the steps of the contract, `release_outcome` watches what
follows, `restore` undoes it. `lock_run` is ``clawtui lock run``, and `gated_command` the process that it starts.
Imports `evidence`, `state.incomplete`, `state.follow_fleet` and `user.actor` of this layer.
"""
