from .joined import NOTHING_JOINED, Joined, JoinFiles, open_join_files
from .mappings import Mapping
from .pmc_ids import PmcRow
from .sources import JoinedFile

__all__ = [
    "NOTHING_JOINED",
    "JoinFiles",
    "Joined",
    "JoinedFile",
    "Mapping",
    "PmcRow",
    "open_join_files",
]
