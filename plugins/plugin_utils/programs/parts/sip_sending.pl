# Sends one message of a talk and waits for what follows it.
sub next_hop {
    my ($hop) = @_;
    return ($transport, $server, $server_port) if $hop eq 'first' || $dialog{hop} eq '';
    my ($secure, $name, $number, $more) =
        $dialog{hop} =~ /^sip(s?):(?:[^@]*@)?(\[[^\]]*\]|[^:;?]+)(?::(\d+))?(.*)$/i;
    return ($transport, $server, $server_port) if !defined $name;
    my ($named) = $more =~ /;transport=(udp|tcp|tls)\b/i;
    my $way = $secure ? 'tls' : $named ? lc $named : $transport;
    return ($way, $name, $number || ($way eq 'tls' ? 5061 : 5060));
}

sub filled {
    my ($text, $way) = @_;
    my %value = (%dialog, protocol => uc $way, host => $advertised || $address,
        port => $advertised_port || $own_port);
    $text =~ s/\x01(host|port|protocol|to|target|routes)\x01/$value{$1}/g;
    my ($body) = $text =~ /\r\n\r\n(.*)\z/s;
    my $length = length $body;
    $text =~ s/\x01length\x01/$length/;
    return $text;
}

sub await {
    my ($done, $until, $again) = @_;
    my $gap = 0.5;
    my $next = time + $gap;
    while (!$done->()) {
        my $now = time;
        return if $now >= $until;
        # Nobody can open a TLS connection to this side.
        return if $transport eq 'tls' && !grep { $_->{ours} } values %connections;
        if ($again && $now >= $next) {
            $again->();
            $gap = $gap < 4 ? $gap * 2 : 4;
            $next = $now + $gap;
        }
        listen_until($again && $next < $until ? $next : $until);
    }
    return;
}

sub exchange {
    my ($when, $hop, $await, $for, $until, $coded) = split / /, $_[0];
    return if $when ne 'always' && $when ne $state;
    my ($again, $key);
    if ($coded ne '-') {
        my ($way, $name, $number) = next_hop($hop);
        my $text = filled(decode_base64($coded), $way);
        $key = key($text);
        $first ||= $key;
        %came = ();
        my $connection = connect_to($way, $name, $number);
        if (!$connection || !put($connection, $text, 'sent')) {
            event('unsent', \%nowhere, $text);
            return;
        }
        $acknowledged = [$connection, $text] if $text =~ /^ACK /;
        $again = sub { put($connection, $text, 'resent') if $key ne $first || $state ne 'pending' } if $way eq 'udp';
    }
    return if $await eq '-';
    my ($what, $method) = split /:/, $await;
    my $limit = $start + $until / 1000;
    $limit = time + $for / 1000 if time + $for / 1000 < $limit;
    if ($what eq 'answer') {
        my ($branch) = split / /, $key;
        await(sub { $final{"$branch $method"} }, $limit, $again);
    }
    else {
        await(sub { $came{$method} }, $limit);
    }
    return;
}
