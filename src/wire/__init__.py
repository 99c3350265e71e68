"""What travels over a socket."""
