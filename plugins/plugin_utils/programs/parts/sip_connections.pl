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

sub tls_client {
    my ($place) = @_;
    socketpair(my $near, my $far, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die "no pair of sockets: $!\n";
    my $pid = fork;
    defined $pid or die "no process: $!\n";
    if (!$pid) {
        open STDIN, '<&', $far and open STDOUT, '>&', $far or die "openssl: $!\n";
        exec $openssl, 's_client', '-quiet', '-connect', $place or die "$openssl: $!\n";
    }
    close $far;
    return ($near, $pid);
}

# Whether there is TLS, in a connection of its own: s_client says nothing of its session, or mixes it with the talk.
sub shows_certificate {
    my ($place) = @_;
    my $pid = open my $output, '-|';
    defined $pid or die "no process: $!\n";
    if (!$pid) {
        open STDIN, '<', '/dev/null' and open STDERR, '>&', \*STDOUT or die "openssl: $!\n";
        exec $openssl, 's_client', '-connect', $place or die "$openssl: $!\n";
    }
    my ($said, $wait) = ('', IO::Select->new($output));
    while ($said !~ /-----END/ && $wait->can_read($start + $timeout - time)) {
        sysread $output, $said, 65536, length $said or last;
    }
    kill 'TERM', $pid;
    close $output;
    if ($said =~ /-----BEGIN CERTIFICATE-----(.*?)-----END/s) {
        print 'certificate=', join('', split ' ', $1), "\n";
        return 1;
    }
    my ($why) = $said =~ /^(.*(?:error|errno).*)$/im;
    event('failed', {%nowhere, peer => $place}, defined $why ? $why : 'it does not speak TLS');
    return 0;
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
