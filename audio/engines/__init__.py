"""What speaks: engines that make a sound of words, each behind the same protocol and in a process of its own."""
