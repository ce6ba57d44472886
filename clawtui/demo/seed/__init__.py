"""The initial state directory of the demo.

`fleet_spec` has the automations, `documents` turns one into its configuration, `seed` writes everything with
`seed_writer`. `repositories` makes the bare repositories that runs clone, with the files of `sources`.
"""
