"""Simulated Windows Server 2003 hosts: a `C:` tree, registry, services, accounts, cmd and PowerShell 2.0 over WinRM."""
