"""What files of lists hold."""
