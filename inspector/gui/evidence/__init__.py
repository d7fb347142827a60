"""What is known of one file, in three lanes that are never blended."""
