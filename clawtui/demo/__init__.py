"""A simulated gateway for ``clawtui demo``: a process of its own, whose runs really clone, merge and conflict.

`command` is the command; it starts the gateway through `gateway_process` in a directory that `home` makes and removes.
`seed` writes a state directory as if the gateway had worked for weeks: `fleet_spec` has the automations. `gateway` is
the process with its dispatcher. `runs` is what one run does: a `plan` decides how it ends, the scripts turn it into
steps, `live_run` performs the steps with real git, and `scripted_run` computes the same steps for runs of the past.

It is a top layer beside `cli`: nothing imports it but the command line and tests. It may import everything below.
"""
