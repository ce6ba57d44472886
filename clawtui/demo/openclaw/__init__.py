"""A simulated stock gateway: a process that writes a database with the tables of OpenClaw 2026.9.6.

`main` starts it, `store` writes the rows, `jobs` describes the jobs, and `played_job` runs one of them.
"""
