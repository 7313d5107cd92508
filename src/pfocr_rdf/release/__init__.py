"""What a release is: its files, counts and description; opened and read again."""
