"""The types of .NET 2.0 to 3.5 that programs may use, each member written out: an allow-list."""
