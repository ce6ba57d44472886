"""One log file: its lines, its last lines, the index of its lines, and the lines that pass a filter.

`log_file` opens a log and notices when it was truncated or replaced; `joined_log` makes one of several. `reader`,
`followed_log` and `tail` read a log in order; `line_access`, `matches`, `index` and `time_search` by position.
`collected_text` holds lines of several logs. Imported by `files.log_view` and the layers above `files`.
"""
