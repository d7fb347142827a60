"""A picture at full size, with what the detector saw laid over it."""
