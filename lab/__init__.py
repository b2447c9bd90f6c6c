"""The lab: simulated AIX and Windows hosts and a NAT router on one machine, reached over real ssh and real WinRM."""
