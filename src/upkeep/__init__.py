"""What is done for a room from time to time."""
