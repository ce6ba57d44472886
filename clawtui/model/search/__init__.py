"""The search in logs: patterns, the engine that searches for them, and filters by level, phase and time.

``names`` finds the name that an operator means by a part of it. Pure functions of bytes and strings: no file is read
here. Any layer may import the package.
"""
