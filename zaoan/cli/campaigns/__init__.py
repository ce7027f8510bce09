"""Commands about campaigns, rounds, cases and trials."""
