"""Commands about residents and responders."""
