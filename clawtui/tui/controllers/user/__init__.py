"""Controllers for the operator's settings and tools: keys, theme, saved state, editor, pager, clipboard, notifications.

`preferences` applies the settings. Modules for few settings or keys are imported at their first use.
"""
