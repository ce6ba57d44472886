"""What belongs to the operator: settings, keys, theme, what is remembered, editor, pager, clipboard, notifications.

`preferences` applies the settings. Modules that only some settings or keys need are imported when they are needed.
"""
