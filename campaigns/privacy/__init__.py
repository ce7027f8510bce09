"""What is kept about one person: shown to them, and erased when they wish so or when its time is over."""
