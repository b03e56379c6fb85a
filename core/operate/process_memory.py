"""Give the memory of an import back to the machine: glibc keeps freed memory otherwise, an import's peak for ever."""

import ctypes
import gc
import sys


def give_back_memory() -> None:
    """Hand free memory back to the operating system, where that is Linux with glibc. Takes a quarter of a second."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    if not sys.platform.startswith("linux"):
        return
    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):
        return  # another C library: nothing to trim


def spare_what_stays() -> None:
    """Let Python look for garbage no more among what is there now, until memory is given back the next time.

    It looked through 350,000 objects of modules that never go: a click that met it took .15 to .25 s longer.
    """
    gc.freeze()


def use_few_arenas() -> None:
    """Let glibc keep two pools of memory instead of eight a core, as its documentation advises for many threads.

    To be called before threads start. M_ARENA_MAX is -8 in glibc's malloc.h.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        ctypes.CDLL("libc.so.6").mallopt(-8, 2)
    except (OSError, AttributeError):
        return  # another C library: it has no such knob
