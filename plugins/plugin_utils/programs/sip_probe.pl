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
# Prints address=, port= (its own), target= (address of $server), certificate= (of TLS, in Base64), and for all that
# happens a line event=`kind ms connection transport local peer text`, text in Base64 or `-`. Kinds: sent, resent,
# received, opened, accepted, closed, failed (why something could not be done), unsent (what therefore was not), and done
# behind the last one.
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

my $talker = $$;

# s_client outlives its input. A child of this one that could not start it has nothing to end.
END {
    kill 'TERM', grep { $_ } map { $_->{pid} } values %connections if $$ == $talker;
}

sub event {
    my ($kind, $connection, $text, $at) = @_;
    my $coded = encode_base64(defined $text ? $text : '', '');
    printf "event=%s %.3f %d %s %s %s %s\n", $kind, (($at || time) - $start) * 1000,
        @{$connection}{qw(number transport local peer)}, $coded eq '' ? '-' : $coded;
    return;
}

# include: sip_messages
# include: tls_client
# include: sip_connections
# include: sip_receiving
# include: sip_sending

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
event('done', \%nowhere, '');
