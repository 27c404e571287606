"""The days of those who use it: through pages, in real Chromium, on real Temporal."""
