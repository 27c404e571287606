"""Lists of members as people have them: pasted, as CSV or as Excel; read into names, addresses, practices and roles."""
