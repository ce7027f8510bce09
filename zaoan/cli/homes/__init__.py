"""Commands about homes and areas."""
