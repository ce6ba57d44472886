"""``doctor``: the examination of the whole state directory, and the fixes (contract: doctor).

`examine` gathers the facts and returns the findings; the findings themselves are pure functions in `model.findings`.
`interrupted` finds the work of killed processes. `fix` applies the fixes: `fixes` is the table by code, `fix_rule` its
types, and `fix_runs` and `fix_files` the fixes themselves. It may import every other package of `operations`; none of
them imports it.
"""
