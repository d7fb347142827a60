"""One clip: exact frames, a timeline of what was scored, and the map over the frame."""
