"""Everything that touches a file. Synchronous; time is passed in; stands by itself without the dashboard."""
