"""Every paper of a meeting: what stands on it, and what never does."""
