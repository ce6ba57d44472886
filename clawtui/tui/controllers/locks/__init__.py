"""Releasing and restoring locks and freeing slots, each in a dialog, and the verdicts on them in the background.

`live_question` is the base class of the dialogs' controllers: it keeps the facts in an open dialog current.
`release_lock` and `release_file` release a lock of the design or of a stock gateway; both use `pinned_release`, which
accepts a decision only on the version that was shown. `verdict_monitor` judges in the background, with
`foreign_locks`. All other modules are imported when the first of these dialogs is opened, by `lock_controllers`.
"""
