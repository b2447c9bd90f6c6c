# A plain SIP talker: sends what it is given, answers what comes, prints both. Perl 5.8, nothing but what comes with it.
#
# $server, $server_port, $transport: whom to talk to; $address, $own_port: own place, '' and 0 for any; $advertised,
# $advertised_port: what to write instead of it; $timeout: seconds for everything; $openssl: the program for TLS.
# @replies: `METHOD status reason`, what requests are answered. @exchanges: `when hop await for_ms until_ms text`:
#   when: always, or the state of the first one: accepted, refused, pending (only provisional answers);
#   hop: first ($server) or dialog (what the answer to the first one says);
#   await: `-`, `answer:METHOD` or `request:METHOD` (one that came since something was sent last);
#   for_ms, until_ms: how long at most, the second counted from the start;
#   text: Base64, or `-` to send nothing. \1name\1 in it is replaced: host, port, protocol, to, target, routes, length.
#
# Prints address=, port= (its own), target= (address of $server), then one event= line for all that happens:
# `kind ms connection transport local peer text`, text in Base64 or `-`. Kinds: sent, resent, received, opened, accepted,
# closed, failed (why something could not be done), unsent (what therefore was not), and done behind the last one.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use MIME::Base64;
use Socket;
use Time::HiRes qw(time);

my $start = time;
my %short = (Via => 'v', From => 'f', To => 't', 'Call-ID' => 'i', Contact => 'm', 'Content-Length' => 'l');
my %reply = map { /^(\S+) (.*)/ ? ($1 => $2) : () } @replies;
my %connections;
my $connections = 0;
my $select = IO::Select->new;
my ($listener, $datagrams);
my %nowhere = (number => 0, transport => $transport, local => '-', peer => '-');
my %dialog = (to => '', target => '', routes => '', hop => '');
my ($first, $state, $acknowledged) = ('', 'silent', undef);
my (%final, %came);

$| = 1;
$SIG{PIPE} = 'IGNORE';
$SIG{ALRM} = sub { die "the time is over\n" };
alarm($timeout + 5);

sub event {
    my ($kind, $connection, $text) = @_;
    my $coded = encode_base64(defined $text ? $text : '', '');
    printf "event=%s %.1f %d %s %s %s %s\n", $kind, (time() - $start) * 1000,
        @{$connection}{qw(number transport local peer)}, $coded eq '' ? '-' : $coded;
    return;
}

# -- reading messages ---------------------------------------------------------------------------------------------------
sub headers {
    my ($text, $name) = @_;
    my ($head) = split /\r?\n\r?\n/, $text, 2;
    $head =~ s/\r?\n[ \t]+/ /g;
    my $names = join '|', map { quotemeta } grep { defined } $name, $short{$name};
    return $head =~ /^(?:$names)[ \t]*:[ \t]*(.*?)[ \t]*\r?$/gim;
}

sub header {
    my ($value) = headers(@_);
    return defined $value ? $value : '';
}

sub next_message {
    my ($connection) = @_;
    $connection->{buffer} =~ s/\A(?:\r\n)+//;
    my $head = index($connection->{buffer}, "\r\n\r\n");
    return if $head < 0;
    my ($body) = header(substr($connection->{buffer}, 0, $head + 4), 'Content-Length') =~ /^(\d{1,7})$/;
    my $length = $head + 4 + (defined $body ? $body : 0);
    return if length $connection->{buffer} < $length;
    return substr($connection->{buffer}, 0, $length, '');
}

sub key {
    my ($text) = @_;
    my ($branch) = header($text, 'Via') =~ /;\s*branch\s*=\s*([^;,\s]+)/i;
    my ($method) = header($text, 'CSeq') =~ /(\S+)$/;
    return join ' ', map { defined $_ ? $_ : '' } $branch, $method;
}

# -- connections --------------------------------------------------------------------------------------------------------
sub place {
    my ($packed) = @_;
    my ($number, $address) = sockaddr_in($packed);
    return inet_ntoa($address) . ":$number";
}

sub connection {
    my ($handle, %more) = @_;
    my $connection = {handle => $handle, number => 0, local => '-', peer => '-', buffer => '', ours => 0, pid => 0, %more};
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
    my $sent = $connection->{to}
        ? send($connection->{handle}, $text, 0, $connection->{to})
        : syswrite($connection->{handle}, $text);
    my $whole = defined $sent && $sent == length $text;
    event($whole ? $kind : 'failed', $connection, $whole ? $text : "not sent: $!");
    return $whole;
}

# -- what comes ---------------------------------------------------------------------------------------------------------
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

# -- what is sent -------------------------------------------------------------------------------------------------------
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

# -- the talk -----------------------------------------------------------------------------------------------------------
my $packed = inet_aton($server);
if (!$packed) {
    print "unresolved=$server\n";
    exit 0;
}
if ($address eq '') {
    # Connecting a datagram socket sends nothing and tells which way leads there.
    my $way = IO::Socket::INET->new(Proto => 'udp', PeerAddr => inet_ntoa($packed), PeerPort => $server_port)
        or die "no way leads to $server: $@\n";
    $address = inet_ntoa((sockaddr_in($way->sockname))[1]);
}
if ($transport eq 'udp') {
    datagram_socket();
    $own_port = $datagrams->{handle}->sockport;
}
elsif ($transport eq 'tcp') {
    $listener = IO::Socket::INET->new(Proto => 'tcp', LocalAddr => $address, LocalPort => $own_port, Listen => 5,
        ReuseAddr => 1) or die "$address port $own_port cannot be listened on: $@\n";
    $own_port = $listener->sockport;
    $select->add($listener);
}
$own_port ||= 5061;
print "address=$address\nport=$own_port\ntarget=", inet_ntoa($packed), "\n";
foreach my $exchange (@exchanges) {
    last if time >= $start + $timeout;
    exchange($exchange);
}
kill 'TERM', grep { $_ } map { $_->{pid} } values %connections;
event('done', \%nowhere, '');
