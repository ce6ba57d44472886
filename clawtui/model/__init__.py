"""What is on disk, as frozen values, and what follows from it by pure functions.

Nothing here touches a file, reads a clock or knows who is looking.
"""
