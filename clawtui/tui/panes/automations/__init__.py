"""The automations pane: the table of the automations with their progress or next run, and their last runs.

`rows` keeps the rows filtered and sorted, with `row_values` and `sorted_rows`; `cells` makes the text of a row. The
pane of several roots, screens and controllers may import it.
"""
