"""A whole country to try the system with: its clusters and doctors, all invented, and orders in every stage."""
