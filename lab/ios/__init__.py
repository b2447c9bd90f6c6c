"""A simulated Cisco 3620: the command line of IOS 12.3 as far as NAT needs it; see docs/evidence/ios.md."""
