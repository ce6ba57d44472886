"""Runs of automations: their history, timelines, phases and durations, and the state of a run in progress.

``history`` lists runs, ``timeline`` has the milestones of one and ``log_summary`` the facts in its log. ``judge_run``
decides from ``run_evidence`` whether a run is in progress, has ended or is lost. ``why`` has the reasons why an
automation is not running. All are pure functions of documents, log lines and the names of logs. Any module may import
the package.
"""
