"""The commands of ``clawtui automation`` on configurations, and how they are shown.

`commands` lists, shows, switches and deletes; `create`, `edit` and `next_run` change one. `selection` turns the ids on
the command line into configurations, and `view` makes text and JSON. `cli.dispatcher` edits with `edit`, too.
"""
