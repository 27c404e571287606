"""What people and other systems meet over HTTP: the questionnaire, the order page, documents and the API."""
