"""The window's parts: each lays out what it is given and says what the user asked for."""
