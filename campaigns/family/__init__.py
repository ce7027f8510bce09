"""What a resident's family is shown, and what they can do: how it is today, and a word of theirs."""
