"""The life of an order as a durable story, and the household chores. Only ids and dates cross into Temporal."""
