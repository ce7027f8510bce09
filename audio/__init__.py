"""Sound: from text to a file that a telephone plays well, made once, kept on disk and served over HTTP."""
