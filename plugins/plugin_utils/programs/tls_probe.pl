# Shake hands over TLS by openssl, whatever the certificate, and send nothing.
# $openssl: the program; $place: name:port; $timeout: seconds.
# Prints certificate= for each certificate that came, in Base64, the other side's own first, or failed= and why.
use strict;
use warnings;
use IO::Select;

my $start = time;
my $pid = open my $output, '-|';
defined $pid or die "no process: $!\n";
if (!$pid) {
    open STDIN, '<', '/dev/null' and open STDERR, '>&', \*STDOUT or die "openssl: $!\n";
    exec $openssl, 's_client', '-showcerts', '-connect', $place or die "$openssl: $!\n";
}
my ($said, $wait, $late) = ('', IO::Select->new($output), 1);
while ($wait->can_read($start + $timeout - time)) {
    if (!sysread $output, $said, 65536, length $said) {
        $late = 0;
        last;
    }
}
kill 'TERM', $pid if $late;
close $output;
# Without a cipher the handshake did not end well, although certificates may have come.
my ($cipher) = $said =~ /Cipher\s+(?:is|:)\s+(\S+)/;
if (defined $cipher && $cipher !~ /NONE|^0000$/) {
    while ($said =~ /-----BEGIN CERTIFICATE-----(.*?)-----END/sg) {
        print 'certificate=', join('', split ' ', $1), "\n";
    }
} else {
    my ($why) = $said =~ /^(.*(?:error|errno|refused|alert).*)$/im;
    ($why) = $said =~ /^(.*\S.*)$/m if !defined $why;
    print 'failed=', $late ? 'no answer in time' : defined $why ? $why : 'it does not speak TLS', "\n";
}
