"""The commands, one file a noun."""

import atexit
import gc

# What is imported stays. To look for garbage among it, as Python does after every 700 new objects and three times at
# its end, takes a third of the time in which a command is done or the dashboard is up.
gc.set_threshold(200_000, 10, 10)
atexit.register(gc.freeze)
