"""The findings about a stock gateway: faults, and contradictions in its store.

`examine` yields those of `jobs` and `runs`. Pure functions, like `model.findings` for the design's files.
"""
