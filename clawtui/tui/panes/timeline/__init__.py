"""The timeline pane: the state or failure of one run, and its milestones, in the zoomed pane on a time axis.

Screens and controllers may import it; the automations' table uses `eta_text`.
"""
