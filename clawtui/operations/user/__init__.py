"""The operator (`actor`), their programs (`programs`), and clawtui's own files for them.

`ui_state` keeps the state of the dashboard, `clipboard` copied text, `failure_reports` reports of failures, and
`audit_history` reads the audit and the acts of others in the dispatcher's log. Imports only `runs.logs` of this layer;
`acts`, `locks`, `state` and the layers above import it.
"""
