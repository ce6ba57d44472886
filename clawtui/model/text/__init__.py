"""Strings: cleaning, masking of secrets, width in cells, times and sizes as text, and commands quoted for a shell.

Every string from disk passes ``cleaning`` before it reaches a terminal. Any module may import the package; it imports
no other package of clawtui.
"""
