"""The dashboard's end of a connection: the process of ssh, and the source that makes fleets of what an agent sends."""
