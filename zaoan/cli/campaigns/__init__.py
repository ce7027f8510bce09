"""Commands about campaigns, their audiences, sample calls and trials."""
