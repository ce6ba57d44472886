"""The table of the automations: what each is doing or when it is due, and how its runs ended.

Screens and controllers may import it.
"""
