"""The controllers of the screen of several roots: judging each root, and the acts on one of them.

Imported by `tui.roots_app` alone.
"""
