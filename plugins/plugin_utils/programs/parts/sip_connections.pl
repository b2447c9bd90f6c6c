# Opens and closes connections, and sends over them.
sub place {
    my ($packed) = @_;
    my ($number, $address) = sockaddr_in($packed);
    return inet_ntoa($address) . ":$number";
}

sub connection {
    my ($handle, %more) = @_;
    my $connection = {%nowhere, handle => $handle, buffer => '', ours => 0, pid => 0, %more};
    $connections{$handle} = $connection;
    $select->add($handle);
    return $connection;
}

sub forget {
    my ($connection, $why) = @_;
    event('closed', $connection, $why);
    $select->remove($connection->{handle});
    delete $connections{$connection->{handle}};
    close $connection->{handle};
    return;
}

sub datagram_socket {
    if (!$datagrams) {
        my $socket = IO::Socket::INET->new(Proto => 'udp', LocalAddr => $address, LocalPort => $own_port)
            or die "$address port $own_port cannot be used for UDP: $@\n";
        $datagrams = connection($socket, transport => 'udp', local => place($socket->sockname));
    }
    return $datagrams;
}

# Whether there is TLS.
sub shows_certificate {
    my ($place) = @_;
    my ($certificate, $why) = certificate_of($place);
    if ($certificate eq '') {
        event('failed', {%nowhere, peer => $place}, $why);
        return 0;
    }
    print "certificate=$certificate\n";
    return 1;
}

sub connect_to {
    my ($transport, $name, $number) = @_;
    my %wanted = (number => 0, transport => $transport, local => '-', peer => "$name:$number");
    my $packed = inet_aton($name);
    if (!$packed) {
        event('failed', \%wanted, "$name has no address here");
        return;
    }
    my $place = inet_ntoa($packed) . ":$number";
    if ($transport eq 'udp') {
        return {%{datagram_socket()}, peer => $place, to => scalar sockaddr_in($number, $packed)};
    }
    foreach my $open (values %connections) {
        return $open if $open->{ours} && $open->{transport} eq $transport && $open->{peer} eq $place;
    }
    my ($handle, $pid, $local) = (undef, 0, '-');
    if ($transport eq 'tls') {
        shows_certificate($place) or return;
        ($handle, $pid) = tls_client($place);
    }
    else {
        my $left = $start + $timeout - time;
        $handle = IO::Socket::INET->new(Proto => 'tcp', PeerAddr => inet_ntoa($packed), PeerPort => $number,
            Timeout => $left > 1 ? $left : 1);
        if (!$handle) {
            event('failed', {%wanted, peer => $place}, $@ || $!);
            return;
        }
        $local = place($handle->sockname);
    }
    my $opened = connection($handle, number => ++$connections, transport => $transport, local => $local,
        peer => $place, ours => 1, pid => $pid);
    event('opened', $opened, '');
    return $opened;
}

sub put {
    my ($connection, $text, $kind) = @_;
    my $at = time;
    my $sent = $connection->{to}
        ? send($connection->{handle}, $text, 0, $connection->{to})
        : syswrite($connection->{handle}, $text);
    my $whole = defined $sent && $sent == length $text;
    event($whole ? $kind : 'failed', $connection, $whole ? $text : "not sent: $!", $at);
    return $whole;
}
