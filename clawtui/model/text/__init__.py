"""Strings: cleaning, masking of secrets, width in cells, times and sizes as text, and commands as a shell takes them.

Every string from disk passes ``cleaning`` before it reaches a terminal. Any module may import the package; it imports
nothing of clawtui but itself.
"""
