"""The runs of the simulated gateway, from the plan to the files that are written.

`plan` decides how a run ends. `fork_script` and `report_script` give the steps of the two types of automations, with
the texts of `phrases`; `run_state` has steps, snapshots and records. `live_run` performs the steps with a `checkout`
(real git, through `git`), `run_writer` writes them, `run` is the whole run with its lock and slot, and `run_factory`
makes it. `scripted_run` and `history` compute runs of the past. `artifacts` has the artifacts of runs.
"""
