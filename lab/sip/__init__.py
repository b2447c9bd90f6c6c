"""SIP for the lab's products: transports, transactions and dialogs (RFC 3261) over `sipmessage`'s messages.

One event loop in a thread of the product's process (`reactor`). Everything but `Reactor` belongs to that thread. It
shares no code with the collection's SIP NAT proxy, so that a misreading of the RFC in one does not hide in the other.
"""
