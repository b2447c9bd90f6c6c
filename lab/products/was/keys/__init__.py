"""Key stores as the real thing: PKCS #12 files (RFC 7292) with RSA keys and X.509 certificates in them."""
