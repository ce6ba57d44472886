"""The order in which files are read: `queue` has those to read, and `order` guesses which automations come first.

This package imports `live.route` alone of the live layer, and only the live layer imports it.
"""
