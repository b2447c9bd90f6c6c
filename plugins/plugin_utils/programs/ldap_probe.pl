# A plain LDAP talker: sends requests, prints what comes back. Perl 5.8, nothing but what comes with it.
# $server, $server_port: whom to talk to; $timeout: seconds for everything; $openssl: the program for TLS, '' without.
# @requests: `await text`, in Base64; await is 1 when the next one waits for the last answer to this one.
#
# Prints certificate= (of TLS), message= for each message that comes, both in Base64, and failed= with a word (unresolved,
# connect, tls, closed, timeout) and why, when it comes to nothing.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use MIME::Base64;
use Socket;
use Time::HiRes qw(time);

my $start = time;
my $pid = 0;
my ($handle, $buffer) = (undef, '');

$| = 1;
$SIG{PIPE} = 'IGNORE';
# Whoever resolves names may hang.
$SIG{ALRM} = sub { failed('timeout', "no answer within $timeout seconds") };
alarm($timeout);

my $talker = $$;

# s_client outlives its input.
END {
    kill 'TERM', $pid if $pid && $$ == $talker;
}

sub failed {
    my ($what, $why) = @_;
    $why =~ s/\s+/ /g;
    print "failed=$what $why\n";
    exit 0;
}

# include: tls_client

sub take {
    my ($wanted) = @_;
    while (length $buffer < $wanted) {
        my $read = sysread $handle, $buffer, 65536, length $buffer;
        failed('closed', 'the other side closed the connection') if !$read;
    }
    return;
}

# One message: a sequence with its length in front.
sub message {
    take(2);
    failed('closed', 'that is no LDAP') if ord $buffer != 0x30;
    my ($head, $length) = (2, ord substr $buffer, 1, 1);
    if ($length > 0x80) {
        $head += $length - 0x80;
        failed('closed', 'that is no LDAP') if $head > 6;
        take($head);
        $length = unpack 'N', substr "\0\0\0" . substr($buffer, 2, $head - 2), -4;
    }
    take($head + $length);
    return substr $buffer, 0, $head + $length, '';
}

# Which operation a message has, behind its number.
sub operation {
    my ($message) = @_;
    my $inside = ord(substr $message, 1, 1);
    my $at = 2 + ($inside > 0x80 ? $inside - 0x80 : 0);
    return ord substr $message, $at + 2 + ord(substr $message, $at + 1, 1), 1;
}

my $packed = inet_aton($server) or failed('unresolved', "$server has no address here");
my $place = inet_ntoa($packed) . ":$server_port";
if ($openssl ne '') {
    my ($certificate, $why) = certificate_of($place);
    failed('tls', $why) if $certificate eq '';
    print "certificate=$certificate\n";
    ($handle, $pid) = tls_client($place);
}
else {
    $handle = IO::Socket::INET->new(Proto => 'tcp', PeerAddr => inet_ntoa($packed), PeerPort => $server_port,
        Timeout => $timeout) or failed('connect', $@ || $!);
}
foreach my $request (@requests) {
    my ($await, $text) = split ' ', $request;
    my $bytes = decode_base64($text);
    syswrite($handle, $bytes) == length $bytes or failed('closed', "not sent: $!");
    while ($await) {
        my $message = message();
        print 'message=', encode_base64($message, ''), "\n";
        # Entries and references come in front of the last answer.
        my $operation = operation($message);
        last if $operation != 0x64 && $operation != 0x73;
    }
}
