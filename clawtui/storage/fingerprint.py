"""What tells one version of a lock from any other (contract: the release, step 1)."""

from __future__ import annotations

from clawtui.model.base import Stamp


def fingerprint_of(stamp: Stamp, data: bytes) -> str:
    """Another one wherever anything is: device, inode, size, mtime or content. Only good for comparing.

    ``data`` is empty for what is not read: a link, a directory, what is too long or may not be opened.
    """
    import hashlib  # takes as long to load as twenty documents to read, and mostly there is no lock

    content = hashlib.sha256(data).hexdigest()
    return hashlib.sha256(":".join([*map(str, stamp), content]).encode()).hexdigest()[:24]
