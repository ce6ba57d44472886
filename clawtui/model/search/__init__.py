"""The search in logs: patterns, the engine that searches for them, and filters by level, phase and time.

Pure functions of bytes; no file is read here. Imported by `files.logs`, `operations` and both faces.
"""
