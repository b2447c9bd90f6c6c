# TLS by openssl's s_client, to an address and port; $start and $timeout are those of the program.
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

# The certificate in Base64, or nothing and why there is none. In a connection of its own: s_client says nothing of its
# session, or mixes it with the talk.
sub certificate_of {
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
    return (join('', split ' ', $1), '') if $said =~ /-----BEGIN CERTIFICATE-----(.*?)-----END/s;
    my ($why) = $said =~ /^(.*(?:error|errno).*)$/im;
    return ('', defined $why ? $why : 'it does not speak TLS');
}
