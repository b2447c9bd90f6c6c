# Reads files of key stores, whole: keys in them are encrypted by the store's password, which is not sent.
# paths: the files. Prints for the first of them bytes_0=, hexadecimal numbers, and so on; nothing for one that is not
# there.

$number = 0
foreach ($path in $paths) {
    if ([IO.File]::Exists($path)) {
        $bytes = [IO.File]::ReadAllBytes($path)
        [Console]::Out.WriteLine('bytes_' + $number + '=' + [BitConverter]::ToString($bytes))
    }
    $number = $number + 1
}
exit 0
