"""Logs that are read and searched on another host: their open readers, and what is known of each here."""
