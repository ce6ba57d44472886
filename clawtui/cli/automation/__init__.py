"""The commands of ``clawtui automation`` on configurations, and how they are shown.

`commands` lists, shows, enables, disables and deletes; `create`, `edit` and `next_run` change one. `selection` turns
the ids on the command line into configurations, and `view` makes text and JSON. Imported by `cli.main`, and by
`cli.dispatcher`, which uses `edit`.
"""
