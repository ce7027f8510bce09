"""Identity: who signs in or calls the API, what they may do, and what they have looked at and changed."""
