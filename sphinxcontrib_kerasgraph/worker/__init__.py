"""The process in which models are built: both ends of the pipe, and what passes through it."""
