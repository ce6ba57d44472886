"""The operator's own files, in their own configuration and state directories: settings, audit, copies of documents.

None of them is below a gateway's state directory. For all of storage and the layers above it.
"""
