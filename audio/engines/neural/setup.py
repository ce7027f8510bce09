"""Set-up of the neural voice: ``python -m audio.engines.neural.setup [FOLDER]``.

Joins and prepares the model and keeps the styles, once for the machine. FOLDER has the styles as npm unpacks them (it
is ``node_modules/kokoro-js/voices`` unless it is given). Prints one line; exits 1, with another one, where something is
missing or wrong.
"""

import sys
from pathlib import Path

from audio.engines.neural import voice_files
from audio.engines.neural.preparation import prepared
from audio.engines.neural.voice_files import NPM_STYLES, NeuralFilesError


def main(arguments: list[str]) -> str | None:
    """Sets up the voice; returns what stands in the way, or None."""
    folder = Path(arguments[0]) if arguments else NPM_STYLES
    try:
        model = voice_files.published_model()
        if model is None:
            return "The packages of the neural voice are not installed (the extra `neural`)."
        prepared(model, voice_files.published_sha256())
        kept = [voice_files.keep_style(name, folder) for name in sorted(voice_files.styles())]
    except NeuralFilesError as failure:
        return f"The neural voice cannot be set up: {failure.reason}."
    print(f"The neural voice: {model}, with {len(kept)} styles")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
