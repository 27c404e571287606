"""Forms made of the commands' requests: what can be asked of people, read back, and explained beside its field."""
