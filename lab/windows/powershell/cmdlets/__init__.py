"""The cmdlets of PowerShell 2.0 that are imitated, by subject."""
