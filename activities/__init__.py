"""The side effects a workflow asks for. Each is safe to run twice: SQL keeps its business key unique."""
