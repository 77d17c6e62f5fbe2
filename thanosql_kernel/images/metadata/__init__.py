"""What pictures say of themselves before their pixels: when, where and with what they were taken, how large they are.

Headers alone are read, strictly: a value that cannot be is None, as one that is not there. Pillow takes 13
times as long for the same. See decision 25.
"""

from thanosql_kernel.images.metadata.model import Metadata
from thanosql_kernel.images.metadata.reading import read_metadata, read_open

__all__ = ["Metadata", "read_metadata", "read_open"]
