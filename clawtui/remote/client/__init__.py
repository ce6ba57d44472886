"""The dashboard's end of a connection: the process of ssh, and the source that makes fleets from the messages.

`source` connects and publishes fleets, `link` is one connection, `exchange` has the questions and acts that wait for an
answer, and `acts` the operations on the other host. `roots`, `remote.sources` and the controllers import it.
"""
