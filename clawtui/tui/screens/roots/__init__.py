"""The screen of several roots: what is known of each, and the table of their automations."""
