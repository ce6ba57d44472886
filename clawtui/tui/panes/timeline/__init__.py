"""The timeline pane: the state or failure of one run, and its milestones, in the zoomed pane on a time axis.

Screens may import it; the automations pane uses `eta_text`, and the log pane the time of day in `lines`.
"""
