"""What the scripts in bin/ are made of: set-up, the development server, checks. Never part of the Worker."""
