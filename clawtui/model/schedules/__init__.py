"""Schedules: their grammar, and the times that follow from them.

The dialect of cron is that of croner, the library with which the gateway schedules. The outlook of a schedule is never
empty: it is due at a time, or never, or it is not understood, with the part that is not. Any module may import it.
"""
