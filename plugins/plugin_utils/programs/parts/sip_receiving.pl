# Takes what comes, answers requests, and remembers what answers say.
sub listen_until {
    my ($until) = @_;
    my $left = $until - time;
    foreach my $handle ($select->can_read($left > 0 ? $left : 0)) {
        if ($listener && $handle == $listener) {
            my $fresh = $listener->accept or next;
            event('accepted', connection($fresh, number => ++$connections, transport => 'tcp',
                local => place($fresh->sockname), peer => place($fresh->peername)), '');
            next;
        }
        my $connection = $connections{$handle} or next;
        if ($connection->{transport} eq 'udp') {
            my $from = recv($handle, my $text, 65535, 0);
            # An earlier datagram that nobody wanted shows as an error of this call.
            hear({%{$connection}, peer => place($from), to => $from}, $text) if $from && $text =~ /\S/;
            next;
        }
        my $read = sysread $handle, $connection->{buffer}, 65536, length $connection->{buffer};
        if (!$read) {
            forget($connection, defined $read ? '' : "$!");
            next;
        }
        while (defined(my $text = next_message($connection))) {
            hear($connection, $text);
        }
    }
    return;
}

sub hear {
    my ($connection, $text) = @_;
    event('received', $connection, $text);
    if ($text =~ m{\ASIP/2\.0 +(\d{3})}) {
        answered($1, $text);
    }
    elsif ($text =~ m{\A([A-Za-z]+) +\S+ +SIP/2\.0\r?\n} && $1 ne 'ACK') {
        $came{$1} = 1;
        answer($connection, $text, $reply{$1} || '501 Not Implemented');
    }
    return;
}

sub answered {
    my ($status, $text) = @_;
    my $key = key($text);
    if ($status >= 200) {
        my $again = $final{$key};
        $final{$key} = $status;
        if ($key eq $first && $again && $acknowledged) {
            put(@{$acknowledged}, 'resent');
        }
        return if $again || $key ne $first;
        $state = $status < 300 ? 'accepted' : 'refused';
        $dialog{to} = header($text, 'To');
        learn($text) if $status < 300;
    }
    elsif ($key eq $first) {
        $state = 'pending';
    }
    return;
}

sub learn {
    my ($text) = @_;
    my $contact = header($text, 'Contact');
    my ($target) = $contact =~ /<([^>]*)>/ ? $1 : $contact =~ /^([^;,\s]+)/;
    my @routes = reverse join(',', headers($text, 'Record-Route')) =~ /(<[^>]*>[^,]*)/g;
    $dialog{target} = $target if defined $target;
    $dialog{routes} = join '', map { "Route: $_\r\n" } @routes;
    $dialog{hop} = @routes && $routes[0] =~ /<([^>]*)>/ ? $1 : $dialog{target};
    return;
}

sub answer {
    my ($connection, $text, $line) = @_;
    my ($host_seen, $port_seen) = split /:/, $connection->{peer};
    my @via = headers($text, 'Via');
    my ($top, $rest) = (@via ? shift @via : '') =~ /^([^,]*)(.*)$/;
    my ($by, $by_port) = $top =~ m{^SIP\s*/\s*2\.0\s*/\s*\w+\s+(\[[^\]]*\]|[^:;\s]+)(?:\s*:\s*(\d+))?}i;
    my $symmetric = $top =~ s/;\s*rport(?=\s*(?:;|$))/;rport=$port_seen/i;
    $top .= ";received=$host_seen" if $symmetric || !defined $by || $by ne $host_seen;
    my $to = header($text, 'To');
    $to .= ';tag=' . sprintf('%x%x', $$, $start) if $to !~ /;\s*tag\s*=/i;
    my $reply = join "\r\n", "SIP/2.0 $line", (map { "Via: $_" } $top . $rest, @via),
        (map { "Record-Route: $_" } headers($text, 'Record-Route')), 'From: ' . header($text, 'From'), "To: $to",
        (map { "$_: " . header($text, $_) } 'Call-ID', 'CSeq'), 'Content-Length: 0', '', '';
    if ($connection->{to}) {
        my $number = $symmetric ? $port_seen : $by_port || 5060;
        $connection = {%{$connection}, peer => "$host_seen:$number",
            to => scalar sockaddr_in($number, inet_aton($host_seen))};
    }
    put($connection, $reply, 'sent');
    return;
}
