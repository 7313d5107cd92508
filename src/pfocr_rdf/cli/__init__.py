"""The command: its verbs, what they print, and how they exit."""
