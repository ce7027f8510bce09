"""Changes of people, and of the community, together with what they do to the calls and rounds of today."""
