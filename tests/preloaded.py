"""What the processes of tests are forked from: everything is loaded, and nothing has begun."""

import gc
from importlib import import_module

gc.disable()
LOADED = ("audio.worker", "pyloudnorm", "pyttsx3", "scipy.ndimage", "scipy.signal", "tests.faults.doomed", "zaoan.cli")
for each in LOADED:
    import_module(each)
gc.freeze()
gc.enable()
