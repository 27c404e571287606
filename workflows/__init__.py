"""The life of an order as a durable story, and the maintenance jobs. Only ids and dates cross into Temporal."""
