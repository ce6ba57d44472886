"""Controllers of the dashboard for a root of a stock gateway.

`monitor` judges owners, `transcripts` reads the transcripts of agents, `acts` and `commands` run the gateway's own
command, and `job_runs` reads the runs of a job for their screen. Imported by the apps, `controllers.commands` and
`controllers.roots`.
"""
