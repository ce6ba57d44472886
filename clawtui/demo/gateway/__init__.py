"""The process of the simulated gateway: `main` is its entry, `dispatcher` starts the runs that are due.

`stores` has its storage and clock, and `dispatch_log` the entries of the dispatcher's log.
"""
