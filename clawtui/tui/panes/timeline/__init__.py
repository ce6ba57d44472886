"""One run: how it stands or why it failed, its milestones, and these on a time axis where there is room.

Screens and controllers may import it; the automations' table uses `eta_text`.
"""
