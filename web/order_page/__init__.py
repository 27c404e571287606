"""The order page under `/bestilling/<link>`: where the order stands, and plain forms for what its holder may do."""
