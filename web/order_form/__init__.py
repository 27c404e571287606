"""`/bestil`: a cluster's coordinator orders a package, without a key and without signing in."""
