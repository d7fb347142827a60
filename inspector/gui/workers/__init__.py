"""Work that the desk does off the UI thread."""
