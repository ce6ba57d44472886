"""Following logs, and all logs merged into one.

`follow_logs` follows those of an automation or run, `all_logs` merges all by time, and `collected_logs` follows all.
`operations.runs.logs`, which they use, reads the logs of one automation or run. The commands and the dashboard import
the package.
"""
