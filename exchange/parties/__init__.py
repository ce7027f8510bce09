"""Who is at a telephone: scripted people and browsers, and what is heard and recorded there."""
