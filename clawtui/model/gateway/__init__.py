"""The content of a stock gateway's store as values: jobs, runs, owners of runs and locks, log entries.

The layers above turn them into the values that panes and commands show. `findings` has the faults in a store;
`missed` and `schedule` derive when a job was or is due. Any layer may import it.
"""
