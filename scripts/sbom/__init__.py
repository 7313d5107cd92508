"""What the project is made of: packages that are installed with it, and scripts that it ships."""
