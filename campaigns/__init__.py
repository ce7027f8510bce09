"""Who is due, when and how often: campaigns, rounds, check-ins, retries, completeness."""
