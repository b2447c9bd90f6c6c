"""PowerShell 2.0 as far as the collection's programs need it; what it does not know it refuses by name."""
