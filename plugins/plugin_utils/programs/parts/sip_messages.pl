# Reads messages: headers, whole ones out of a stream, and what pairs an answer with its request.
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
