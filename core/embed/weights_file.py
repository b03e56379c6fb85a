"""Small weights of our own training, as they lie beside the code that uses them."""

from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from core.log import log_failure


def weights_in(path: Path, without_them: str) -> dict[str, np.ndarray] | None:
    """Return the arrays of an .npz by name, float32; None where it can't be read, and ``without_them`` is logged."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name].astype(np.float32) for name in file.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        log_failure(without_them, error)
        return None
