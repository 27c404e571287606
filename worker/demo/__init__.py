"""The demo: one order's fourteen months in a couple of minutes, through the real pages, mails and files."""
