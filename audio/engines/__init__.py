"""What speaks: engines that turn words into sound, each behind the same protocol and in a process of its own."""
