"""``doctor``: the examination of the whole state directory, and the fixes (contract: doctor).

`examine` gathers the facts and returns the findings; the findings themselves are pure functions in `model.findings`.
`refused_documents` finds what the gateway's own schemas refuse, `interrupted` the work of killed processes. `fix` has
the table of fixes by code, and applies them; `fix_rule` has their types, and `fix_runs` and `fix_files` the fixes
themselves. Imports `evidence`, `locks`, `runs`, `slots` and `state` of this layer; only `state.metrics` imports it.
"""
