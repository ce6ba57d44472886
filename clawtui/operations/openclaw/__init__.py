"""Operations on a stock gateway: reports, logs, and the release of its lock files.

Acts that belong to the gateway are done by its own command (`gateway_command`, `run_command`).
"""
