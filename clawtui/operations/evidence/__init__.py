"""The evidence for a verdict: the files of a session, and the processes of this host.

`host` and `processes` answer for one host and one pid, with `process_visibility` for what cannot be seen from here and
`boot_clock` for when the host started. `signs_of_life` finds what a session wrote. `lock_context` reads what one lock
or slot needs; `lock_evidence` puts all of it together for one lock. The verdict itself is a pure function in
`model.liveness`.

All of `operations` may import it. It imports `storage`, `files` and `model`, and no other package of `operations`.
"""
