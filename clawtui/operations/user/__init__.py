"""The operator (`actor`), and clawtui's own files for them (`ui_state`, `clipboard`, `failure_reports`).

Imports no other package of `operations`.
"""
