"""The evidence for a verdict: the files of a session, and the processes of this host.

`host` has the facts of this host, `processes` those of one pid and whether all pids can be seen, and `boot_clock` the
time of the last boot. `signs_of_life` finds what a session wrote. `lock_evidence` collects all of this for one lock,
and `lock_context` reads the files that concern one lock or slot. The verdict itself is a pure function in
`model.liveness`.

All of `operations` and the layers above may import it. It imports `storage`, `files` and `model`, and no other package
of `operations`.
"""
