"""The operator's own files, in their own configuration and state directories: settings, audit, copies of documents.

``audit`` is the file of the audit, ``audit_trail`` the record of one act in it, and ``act_records`` the acts that other
hosts requested. None of the files is below a gateway's state directory. For all of storage and the layers above it.
"""
