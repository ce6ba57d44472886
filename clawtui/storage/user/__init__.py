"""The operator's own files, in their own configuration and state directories: settings, audit, copies of documents.

Nothing here is below a gateway's state directory. For all of storage and what is above it.
"""
