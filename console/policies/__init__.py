"""The pages of escalation policies: whom each kind of case rings, in what order and when."""
