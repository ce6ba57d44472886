"""The dashboard's end of a connection: the process of ssh, and the source that makes fleets of the messages.

`link` keeps the connection up, `source` is what `roots` uses, and `acts` has the operations on the other host.
"""
