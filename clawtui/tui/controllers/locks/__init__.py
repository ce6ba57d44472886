"""Releasing and restoring locks and freeing slots, each in a dialog, and the verdicts on them in the background.

`live_question` is the base class: it keeps the facts in an open dialog current. All modules except `verdict_monitor`
are imported when the first of these dialogs is opened.
"""
