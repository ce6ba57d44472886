"""Runs of automations: their history, timelines, phases and durations.

All are pure functions of documents, log lines and the names of logs. Any module may import it.
"""
