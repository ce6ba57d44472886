"""Logs that are followed, and all logs as one.

`follow_logs` follows those of an automation or run, `all_logs` merges all by time, and `collected_logs` follows all.
`operations.runs.logs` reads the logs of one automation or run.
"""
