"""The staircase: what a responder sees and does about one case, under a link and without signing in."""
