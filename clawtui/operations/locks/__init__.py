"""Operations on repository locks: list with verdicts, release, restore, and run a command under a lock.

`report` lists and finds locks. `release` removes one in the steps of the contract, `release_outcome` watches what
follows, `restore` undoes it. `lock_run` is ``clawtui lock run``, and `gated_command` the process that it starts.
Imports `evidence`, `state.incomplete`, `state.follow_fleet` and `user.actor` of this layer.
"""
