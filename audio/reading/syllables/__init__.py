"""Syllables: the pinyin of what is read in Mandarin, by name, surname, word and the tones of speech."""
