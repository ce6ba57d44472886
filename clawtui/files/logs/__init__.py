"""One log file: its lines, its last lines, the index of its lines, and the lines that pass a filter.

`log_file` opens a log and notices when it is another one; `reader` and `tail` read it in order, `line_access`,
`matches`, `index` and `time_search` by position. Imported by `storage`, `live`, `operations` and the dashboard.
"""
