"""A simulated gateway for ``clawtui demo``: a separate process whose runs clone and merge with real git.

`command` is the command; it starts the gateway through `gateway_process` in a directory that `home` makes and removes.
`seed` writes a state directory with weeks of history: `fleet_spec` has the automations. `gateway` is the process with
its dispatcher. `runs` has one run: a `plan` decides how it ends, the scripts turn it into steps, `live_run` performs
the steps with real git, and `scripted_run` computes the same steps for past runs. `openclaw` simulates a stock gateway.

It is a top layer beside `cli`, which loads the command by its name; besides that, only tests import it. It may import
every layer below.
"""
