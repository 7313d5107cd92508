from .model import HUMAN, Figure, Mention
from .orphans import orphan_map_rows, orphan_tables
from .pipeline import Pipeline, Settings, violations
from .show import ShownMention, View, show_figure
from .side_tables import read_side_tables

__all__ = [
    "HUMAN",
    "Figure",
    "Mention",
    "Pipeline",
    "Settings",
    "ShownMention",
    "View",
    "orphan_map_rows",
    "orphan_tables",
    "read_side_tables",
    "show_figure",
    "violations",
]
