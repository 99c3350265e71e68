"""Every SQL statement, and the rows that it takes and gives."""
