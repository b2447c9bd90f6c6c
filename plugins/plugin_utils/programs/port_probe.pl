# Try TCP connections, all at the same time. Perl 5.8, nothing but what comes with it.
# @places: `name port`; $timeout: seconds for all of them.
# Prints for each result=`number what ms reason`: open, refused, unresolved, unreachable or timeout.
use strict;
use warnings;
use Errno qw(EINPROGRESS ECONNREFUSED);
use IO::Handle;
use IO::Select;
use Socket;
use Time::HiRes qw(time);

my $start = time;
my $pending = IO::Select->new;
my (%number_of, %handle_of);

$| = 1;
# Whoever resolves names may hang.
$SIG{ALRM} = sub { die "the time is over\n" };
alarm($timeout + 10);

sub report {
    my ($number, $what, $reason) = @_;
    printf "result=%d %s %d %s\n", $number, $what, (time - $start) * 1000, $reason;
    return;
}

sub judge {
    my ($number, $error) = @_;
    local $! = $error;
    report($number, $error == 0 ? 'open' : $error == ECONNREFUSED ? 'refused' : 'unreachable', $error == 0 ? '' : "$!");
    return;
}

foreach my $number (0 .. $#places) {
    my ($name, $port) = split ' ', $places[$number];
    my $packed = inet_aton($name);
    if (!$packed) {
        report($number, 'unresolved', "$name has no address here");
        next;
    }
    socket(my $handle, PF_INET, SOCK_STREAM, getprotobyname('tcp') || 6) or die "no socket: $!\n";
    $handle->blocking(0);
    if (connect($handle, sockaddr_in($port, $packed))) {
        judge($number, 0);
    }
    elsif ($! != EINPROGRESS) {
        judge($number, $! + 0);
    }
    else {
        $number_of{fileno $handle} = $number;
        $handle_of{$number} = $handle;
        $pending->add($handle);
    }
}
while ($pending->count) {
    my $left = $start + $timeout - time;
    my @decided = $left > 0 ? $pending->can_write($left) : ();
    last if !@decided;
    foreach my $handle (@decided) {
        my $number = $number_of{fileno $handle};
        judge($number, unpack 'i', getsockopt($handle, SOL_SOCKET, SO_ERROR));
        $pending->remove($handle);
        delete $handle_of{$number};
        close $handle;
    }
}
report($_, 'timeout', 'no answer') foreach sort { $a <=> $b } keys %handle_of;
