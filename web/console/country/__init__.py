"""The whole country: who has used what, how many answer, what comes."""
