"""Releasing and restoring locks and freeing slots, each in a dialog, and the verdicts on them in the background.

`live_question` is the dialog's base: what it shows stays current while it is open. Everything here but
`verdict_monitor` is imported when the first of these dialogs is opened.
"""
