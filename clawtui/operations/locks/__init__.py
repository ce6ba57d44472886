"""Operations on repository locks: list with verdicts, release, restore, and run a command under a lock.

`report` lists, finds and judges locks, and `lock_judge` judges those of successive fleets. `release` removes a lock in
the steps of the contract and watches the repository afterwards; `removal` has the steps that are the same for the lock
files of a stock gateway; `restore` undoes a release.
`lock_run` is ``clawtui lock run``, and `gated_command` the process that it starts. Imports `evidence`,
`state.incomplete`, `state.follow_fleet` and `user.actor` of this layer.
"""
