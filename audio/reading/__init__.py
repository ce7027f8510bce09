"""What the voice is told: text as a person would say it, and Chinese as pinyin."""
