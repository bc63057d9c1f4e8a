"""The views of the whole: what is read for them, where things stand in them, how they are drawn."""
