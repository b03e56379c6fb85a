"""Give the memory of an import back to the machine: glibc keeps freed memory otherwise, an import's peak for ever."""

import ctypes
import gc
import sys


def give_back_memory() -> None:
    """Hand free memory back to the operating system, on Linux with glibc; elsewhere do nothing. Takes milliseconds."""
    if not sys.platform.startswith("linux"):
        return
    gc.collect()
    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):
        return  # another C library: nothing to trim


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
